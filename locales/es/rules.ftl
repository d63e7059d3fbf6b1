rule-kind-malformed = Elige un tipo o nombra el tuyo con minúsculas, números y _ (hasta { $max }).
rule-unit-missing = Ingresa qué cuenta este tipo, p. ej., stickers.
rule-percent-of-nothing = Un porcentaje solo sirve para crédito en la cuenta por pagos. Ingresa un monto.
rule-amount-or-percent = Ingresa un monto o un porcentaje, no ambos.
rule-condition-of-payments = Esta condición es sobre pagos, pero la regla es sobre registros.
rule-milestone-missing = Elige qué amigos cuenta el hito.
rule-milestone-elsewhere = Solo una regla para un hito puede tener uno.
rule-milestone-recipient = Solo el referente puede alcanzar un hito.
rule-not-for-milestone = Esto no se combina con un hito, que cuenta a todos los amigos.
rule-group-and-option = El grupo y la opción van juntos. Completa ambos o ninguno.
rule-group-mixed = Todas las reglas de un grupo necesitan el mismo evento y el mismo destinatario.
rule-ends-before-start = El fin debe ser posterior al inicio.
rule-percent-malformed = Ingresa un porcentaje de 0,01 a 100, p. ej., 11,5.

rule-sentence-whole = { $when }, { $who } recibe { $what }.
rule-sentence-choice = { $when }, { $who } puede elegir { $what }.
rule-choice = { $when }, { $who } puede elegir:
rule-referrer = el referente
rule-referee = el amigo
rule-friend = un amigo
rule-friend-verified = un amigo con correo electrónico verificado
rule-when-signup = Cuando { $friend } se registra
rule-when-first = Cuando { $friend } { $pays } por primera vez
rule-when-every = Cuando { $friend } { $pays }
rule-when-signed-up = { $count ->
    [one] Cuando se registra { $digits } amigo de un referente
   *[other] Cuando se registran { $digits } amigos de un referente
}
rule-when-paid = { $count ->
    [one] Cuando paga { $digits } amigo de un referente
   *[other] Cuando pagan { $digits } amigos de un referente
}
rule-when-goal-signed-up = Cuando un referente alcanza su meta de amigos registrados
rule-when-goal-paid = Cuando un referente alcanza su meta de amigos que pagan
rule-pays = paga
rule-pays-least = paga al menos { $amount }
rule-pays-for = paga por { $product }
rule-pays-least-for = paga al menos { $amount } por { $product }
rule-when-within = { $months ->
    [one] { $when } dentro de { $months } mes desde su primer pago
   *[other] { $when } dentro de { $months } meses desde su primer pago
}
rule-when-spent = { $when }, una vez que ha gastado { $amount } en total
rule-percent = el { $percent } del pago
rule-days = { $days ->
    [one] { $digits } día
   *[other] { $digits } días
}
rule-unlock = { $days } de una función
rule-unlock-described = { $description } ({ $days })
rule-after = { $what } después de { $days }
rule-approved = { $what } cuando lo apruebes
rule-after-approved = { $what } después de { $days } y cuando lo apruebes
rule-valid = con una validez de { $days }
rule-times = { $count ->
    [1] una vez
    [2] dos veces
   *[other] { $digits } veces
}
rule-times-day = { $times } al día
rule-times-week = { $times } a la semana
rule-times-month = { $times } al mes
rule-times-year = { $times } al año
rule-per-referrer = { $times } por referente
rule-per-friend = { $times } por amigo
rule-at-most = { $times } como máximo
rule-budget-spent = hasta gastar { $amount }
rule-budget-given = hasta entregar { $amount }
rule-from = desde el { $date }
rule-until = hasta el { $date }

rules-title = Reglas
rules-note = Qué recibe cada quien, y por qué. Los cambios nunca afectan las recompensas ya dadas.
rules-create = Crear regla
rules-none = Aún no hay reglas
rules-none-note = Sin una regla, nadie recibe nada por recomendar a sus amigos.
rules-create-first = Crea tu primera regla
rule-switch = Activada: { $rule }
rule-off = Desactivada
rule-given = { $count ->
    [one] { $digits } recompensa este mes
   *[other] { $digits } recompensas este mes
}
rule-given-none = Sin recompensas este mes

rule-new = Nueva regla
rule-version = Versión { $version }
rule-says = Qué hace
rule-made = { $count ->
    [one] { $digits } recompensa ya dada queda como está.
   *[other] { $digits } recompensas ya dadas quedan como están.
}
rule-made-none = Aún no ha dado recompensas.
rule-starts-now = Se aplica a lo que suceda de ahora en adelante.
rule-save = Guardar regla

rule-part-occasion = Evento
rule-part-occasion-note = Qué tiene que suceder y quién recibe la recompensa.
rule-trigger = Cuándo
rule-trigger-signup = Un amigo se registra
rule-trigger-first = Un amigo paga por primera vez
rule-trigger-every = Un amigo paga, cada vez
rule-trigger-milestone = Un referente alcanza un hito
rule-milestone-count = Hito: número de amigos
rule-milestone-count-hint = Para un hito, p. ej., 5. Déjalo vacío para usar la meta de cada referente.
rule-milestone-of = Hito: qué amigos
rule-milestone-signed-up = Todos los que se registraron
rule-milestone-converted = Solo los que pagaron
rule-recipient = Quién la recibe
rule-recipient-referrer = El referente
rule-recipient-referee = El amigo
rule-part-reward = Recompensa
rule-part-reward-note = Un monto o, para pagos, un porcentaje.
rule-kind = Tipo
rule-kind-credit = Crédito en la cuenta
rule-kind-messages = Mensajes adicionales
rule-kind-requests = Solicitudes adicionales
rule-kind-unlock = Días de una función
rule-kind-own = Tu propio tipo
rule-own-kind = Nombre de tu propio tipo
rule-own-kind-hint = Minúsculas, números y _, p. ej., stickers.
rule-unit = Unidad
rule-unit-hint = Lo que cuenta la cantidad, p. ej., stickers. Déjalo vacío para mensajes, solicitudes o días.
rule-amount = Cantidad
rule-amount-hint = p. ej., 10,00 para crédito en la cuenta, o un número entero
rule-percent-label = O un porcentaje del pago
rule-percent-hint = p. ej., 11,5. Solo para crédito en la cuenta.
rule-currency = Moneda
rule-currency-hint = Para todos los montos de esta regla. Déjalo vacío para usar { $currency }.
rule-description = Descripción
rule-description-hint = Lo que ven las personas, p. ej., un mes de Pro.
rule-valid-days = Validez (días)
rule-valid-days-hint = Cuenta desde que está activa. Déjalo vacío si no vence.
rule-part-hold = Espera y aprobación
rule-part-hold-note = Una recompensa en espera todavía se puede detener.
rule-hold = Espera (días)
rule-hold-hint = 0 para ninguna. Déjalo vacío para usar la predeterminada: { $signup } para registros, { $conversion } para pagos.
rule-approval = Aprobación
rule-approval-automatic = Automática
rule-approval-manual = Un administrador aprueba cada recompensa
rule-part-choice = Elección
rule-part-choice-note = Las reglas de un grupo son alternativas. Quien recibe elige una opción.
rule-group = Grupo
rule-group-hint = El mismo nombre para todas las alternativas, p. ej., primer-pago.
rule-option = Opción
rule-option-hint = Las reglas con la misma opción se dan juntas, p. ej., uso.
rule-part-conditions = Condiciones
rule-part-conditions-note = Deben cumplirse todas. Deja vacías las que no uses.
rule-min-amount = Pago mínimo
rule-min-total = Total mínimo pagado
rule-months = Meses desde el primer pago
rule-months-hint = Solo pagos de periodos que comienzan dentro de estos meses.
rule-product = Producto
rule-product-hint = El ID de lo que se compra, p. ej., prod_1.
rule-verified = Solo amigos con correo electrónico verificado
rule-part-caps = Límites
rule-part-caps-note = Deja vacíos los que no uses.
rule-cap-referrer-label = Recompensas por referente
rule-period = Periodo
rule-period-day = Por día
rule-period-week = Por semana
rule-period-month = Por mes
rule-period-year = Por año
rule-period-ever = En total
rule-cap-friend-label = Recompensas por amigo
rule-budget = Presupuesto
rule-budget-hint = Lo máximo que pueden sumar todas las recompensas de esta regla, en la unidad de su cantidad.
rule-part-runs = Estado y fechas
rule-part-runs-note = Cuándo se aplica la regla y cómo la llamas.
rule-active = Activada: da recompensas
rule-starts-at = Desde ({ $zone })
rule-starts-at-hint = Déjalo vacío para empezar ahora.
rule-ends-at = Hasta ({ $zone })
rule-ends-at-hint = Déjalo vacío si no termina.
rule-name = Nombre
rule-name-hint = Solo lo ven los administradores. Déjalo vacío para usar la descripción.

rule-delete = Eliminar esta regla
rule-delete-open = Eliminar…
rule-delete-note = La regla sale de la lista, deja de dar recompensas y no se puede restaurar. Las recompensas ya dadas quedan como están. Para pausarla, mejor desactívala.
rule-delete-submit = Eliminar regla

rule-done-created = Regla creada
rule-done-saved = Regla guardada. Se aplica a lo que suceda de ahora en adelante.
rule-done-deleted = Regla eliminada
rule-audit-created = Regla creada
rule-audit-changed = Regla modificada
rule-audit-deleted = Regla eliminada
