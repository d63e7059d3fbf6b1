reward-other-use = Este ID de origen ya se usó para otra cantidad u otro tipo.
reward-currency-needed = Hay varias monedas o unidades de este tipo. Indica cuál.
reward-problem-already-redeemed = Esta recompensa ya se canjeó.
reward-problem-expired = Esta recompensa venció.
reward-problem-on-hold = Esta recompensa aún está en espera.
reward-problem-frozen = Esta recompensa está en pausa mientras la revisamos.
reward-problem-choice-pending = Primero elige una recompensa.
reward-problem-voided = Esta recompensa se canceló.
reward-problem-reversed = Esta recompensa se retiró.
reward-problem-already-chosen = La elección ya está hecha.
reward-problem-not-pending = Esta recompensa ya no está en espera.
reward-problem-option-unknown = Elige una de las recompensas.
reward-problem-cap-reached = Esta recompensa se agotó. Elige otra.
reward-problem-insufficient-balance = El saldo no alcanza.
reward-problem-nothing-owed = No hay nada por devolver.
correct-keep-rewards = Dejar que el referente anterior conserve lo que usó
correct-keep-rewards-hint = Se retiran sus recompensas por este amigo. Si no marcas esta casilla, tendrá que devolver lo que usó.

list-and = { $first } y { $last }
list-and-before-i = { $first } e { $last }

amount-messages = { $count ->
    [one] { $digits } mensaje
   *[other] { $digits } mensajes
}
amount-requests = { $count ->
    [one] { $digits } solicitud
   *[other] { $digits } solicitudes
}
amount-days = { $count ->
    [one] { $digits } día
   *[other] { $digits } días
}
amount-own = { $digits } { $unit }

extra-messages = { $count ->
    [one] { $digits } mensaje adicional
   *[other] { $digits } mensajes adicionales
}
extra-requests = { $count ->
    [one] { $digits } solicitud adicional
   *[other] { $digits } solicitudes adicionales
}
extra-project-requests = { $count ->
    [one] { $digits } solicitud de proyecto adicional
   *[other] { $digits } solicitudes de proyecto adicionales
}
days-of-pro = { $count ->
    [one] { $digits } día de Pro
   *[other] { $digits } días de Pro
}
month-of-pro = un mes de Pro
credit-of = { $amount } de crédito

reward-welcome = Tu regalo de bienvenida
reward-a-friend = Un amigo
reward-for-sign-up = { $friend } se unió
reward-for-first-payment = { $friend } hizo su primer pago
reward-for-payment = { $friend } hizo un pago
reward-for-milestone = { $count ->
    [one] Llegaste a { $digits } amigo
   *[other] Llegaste a { $digits } amigos
}
reward-choice-title = Elige tu recompensa
reward-choose = En espera de tu elección
reward-frozen = En pausa mientras la revisamos
reward-needs-approval = En espera de aprobación
reward-about-to-be-active = Lista en un momento
reward-on-hold = En espera hasta el { $date }
reward-active = Activa
reward-active-until = { $days ->
    [one] Activa · queda 1 día
   *[other] Activa · quedan { $days } días, hasta el { $date }
}
reward-owed = Debes devolver { $amount }.
reward-redeemed = Canjeada
reward-redeemed-on = Canjeada el { $date }
reward-expired = Vencida
reward-expired-on = Venció el { $date }
reward-ended-refunded = Retirada: el pago se reembolsó.
reward-ended-duplicate = Retirada: el mismo pago se contó dos veces.
reward-ended-not-counted = Retirada: el pago no cuenta.
reward-ended-corrected = Retirada: otra persona recomendó a este amigo.
reward-ended-below-milestone = Retirada: ya no tienes suficientes amigos para esta recompensa.
reward-ended-not-chosen = No elegiste a tiempo.
reward-ended-erased = La cuenta se eliminó.
reward-ended-by-admin = Cancelada: { $reason }

balance-available = Disponible: { $amount }
balance-pending = En espera: { $amount }
balance-frozen = En pausa: { $amount }
balance-owed = Por devolver: { $amount }

rewards-title = Recompensas
rewards-none = Aún no tienes recompensas
rewards-none-note = Cuando un amigo se una con tu enlace, aquí aparecerá lo que ganes.
rewards-share = Comparte tu enlace
rewards-earlier = Recompensas anteriores
rewards-more = Las recompensas más antiguas no se muestran.
reward-redeem = Canjear
reward-choose-action = Elegir
reward-of = de { $amount }
reward-offline = No funcionó. Revisa tu conexión e inténtalo de nuevo.
rewards-redeemed = Recompensa canjeada
rewards-chosen = Recompensa elegida
