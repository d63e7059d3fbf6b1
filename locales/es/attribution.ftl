evidence-typed = El código escrito a mano
evidence-link = El código del enlace
evidence-import = El referido importado
evidence-visit = La visita del { $day }
evidence-visit-undated = Una visita
evidence-counted = { $evidence } contó.
evidence-outranked = { $evidence } no contó: otro dato tuvo prioridad.
evidence-outside-window = { $days ->
    [one] { $evidence } no contó: fue { $days } día antes del registro, fuera del plazo de { $window } días.
   *[other] { $evidence } no contó: fue { $days } días antes del registro, fuera del plazo de { $window } días.
}
evidence-own = { $evidence } no contó: era del propio referente.
evidence-code-not-found = { $evidence } no contó: ese código no existe.
evidence-code-inactive = { $evidence } no contó: el código estaba desactivado.
evidence-code-expired = { $evidence } no contó: el código había vencido.
evidence-code-used-up = { $evidence } no contó: el código había llegado a su límite.
evidence-after-sign-up = { $evidence } no contó: llegó después del registro.
evidence-suspected = { $evidence } no contó: no parecía de una persona.
evidence-joined-before = { $evidence } no contó: esta persona ya tenía una cuenta.
evidence-unknown-click = Ninguna visita tiene el ID “{ $named }”.
evidence-no-click-id = No hubo visita: su ID estaba vacío.
credit-nobody = Nadie
correct-note = Los registros y las cifras del referente se mueven con la atribución. Ambas decisiones quedan guardadas.
evidence-click-used = { $evidence } no contó: ya llevó al registro de otra persona.
evidence-same-account = { $evidence } no contó: las personas de una misma cuenta no pueden recomendarse entre sí.
