webhooks-title = Webhooks
webhooks-about = Tu producto se entera de los registros, pagos y recompensas en cuanto ocurren.
webhooks-list = Endpoints
webhooks-caption = Endpoints de webhooks
webhooks-none = Aún no hay endpoints
webhooks-none-note = Agrega la URL donde tu producto recibe los eventos. Las solicitudes van firmadas y se repiten hasta que tu producto responda.
webhooks-endpoint = Endpoint
webhooks-events = Eventos
webhooks-status = Estado
webhooks-last = Última entrega
webhooks-failed-count = Fallidas
webhooks-all-events = Todos los eventos
webhooks-some-events = { $count ->
    [one] { $digits } evento
   *[other] { $digits } eventos
}
webhooks-on = Activo
webhooks-off = Inactivo
webhooks-failing = Con fallas
webhooks-gone = Ya no existe
webhooks-never = Aún ninguna
webhooks-address-forbidden = Dirección privada
webhooks-name-unknown = Servidor desconocido
webhooks-not-connected = Sin conexión
webhooks-not-trusted = Error de TLS
webhooks-timed-out = Tiempo agotado

webhooks-new = Agregar endpoint
webhooks-new-note = Cada evento se envía como una solicitud POST firmada.
webhooks-url = URL del endpoint
webhooks-url-hint = p. ej. https://example.com/webhooks/passalong
webhooks-description = Descripción
webhooks-description-hint = Solo la ven los administradores.
webhooks-which = Eventos que se envían
webhooks-which-all = Todos los eventos, también los de versiones futuras
webhooks-which-some = Eventos seleccionados
webhooks-group-users = Usuarios
webhooks-group-referrals = Referidos
webhooks-group-payments = Pagos
webhooks-group-rewards = Recompensas
webhooks-group-program = Códigos y metas
webhooks-add = Agregar endpoint

webhooks-user-created = Alguien se registró
webhooks-referral-signed-up = Se atribuyó un registro
webhooks-referral-converted = Un referido pagó por primera vez
webhooks-referral-corrected = Un administrador cambió la atribución
webhooks-referral-reviewed = Un administrador revisó un referido
webhooks-conversion-created = Se contó un pago
webhooks-conversion-refunded = Cambió el monto reembolsado
webhooks-conversion-disputed = Se abrió o cerró una disputa
webhooks-conversion-changed = Cambiaron los datos de un pago
webhooks-conversion-removed = Un pago dejó de contar
webhooks-reward-pending = Se otorgó una recompensa, que está en espera
webhooks-reward-activated = Una recompensa se puede usar
webhooks-reward-redeemed = Una recompensa se usó por completo
webhooks-reward-expired = Una recompensa venció
webhooks-reward-voided = Una recompensa se anuló antes de activarse
webhooks-reward-reversed = Una recompensa se retiró
webhooks-reward-changed = Cambió otro dato de una recompensa
webhooks-code-limit-reached = Un código llegó a su límite de usos
webhooks-goal-reached = Un referente alcanzó su meta

webhooks-created = Endpoint agregado
webhooks-created-note = Copia ahora el secreto de firma. Por seguridad, solo se muestra una vez.
webhooks-rotated = Secreto rotado
webhooks-rotated-note = Copia ahora el nuevo secreto. Por seguridad, solo se muestra una vez. El anterior sigue siendo válido 24 horas.
webhooks-shown = Este secreto ya se mostró
webhooks-shown-note = Si no lo copiaste, rota el secreto para obtener otro.
webhooks-secret = Secreto de firma
webhooks-verify = Verifica las solicitudes
webhooks-verify-note = Las solicitudes siguen la especificación Standard Webhooks. En Node.js basta con npm install standardwebhooks:

webhooks-turn-on = Activar
webhooks-turn-off = Desactivar
webhooks-edit = Editar endpoint
webhooks-save = Guardar endpoint
webhooks-test = Prueba
webhooks-test-note = Envía un evento del tipo webhook.test para que veas cómo responde tu producto.
webhooks-send-test = Enviar evento de prueba
webhooks-rotate = Rotar secreto
webhooks-rotate-open = Rotar el secreto de firma…
webhooks-rotate-note = Recibes un secreto nuevo. El anterior sigue siendo válido 24 horas: hasta entonces, las solicitudes llevan ambas firmas.
webhooks-replay = Reenviar eventos
webhooks-replay-note = Envía de nuevo eventos pasados, p. ej. después de una interrupción. Los eventos se guardan 30 días. Tu producto puede recibir algunos dos veces.
webhooks-replay-since = Desde
webhooks-replay-until = Hasta
webhooks-replay-since-hint = Fecha y hora en { $zone }.
webhooks-replay-until-hint = Fecha y hora en { $zone }. Déjalo vacío para llegar hasta ahora.
webhooks-replay-submit = Reenviar eventos
webhooks-delete = Eliminar endpoint
webhooks-delete-open = Eliminar…
webhooks-delete-note = No se envía nada más a esta URL, y sus entregas desaparecen de esta página. No se puede deshacer.
webhooks-delete-submit = Eliminar endpoint
webhooks-failing-note = Las entregas fallan desde el { $date }. Comprueba que tu producto responda con un estado de 200 a 299.
webhooks-gone-note = Se desactivó porque tu producto respondió 410 Gone. Actívalo de nuevo cuando la URL funcione.
webhooks-old-secret = El secreto anterior es válido hasta el { $when }.
webhooks-off-note = No se envía nada mientras el endpoint está inactivo.

webhooks-deliveries = Entregas
webhooks-deliveries-note = Se guardan 30 días.
webhooks-deliveries-none = Aún no hay entregas
webhooks-deliveries-none-note = El próximo evento aparece aquí. Envía un evento de prueba para verlo.
webhooks-deliveries-none-found = Ninguna entrega coincide
webhooks-deliveries-all = Mostrar todas
webhooks-deliveries-filter = Filtrar
webhooks-any = Todas
webhooks-event = Evento
webhooks-time = Hora
webhooks-tries = Intentos
webhooks-waiting = En espera
webhooks-delivered = Entregada
webhooks-failed = Fallida
webhooks-event-number = Evento { $id }

webhooks-delivery = Entrega { $id }
webhooks-facts = Detalles
webhooks-message-id = ID del mensaje
webhooks-made = Creada
webhooks-next-try = Próximo intento
webhooks-delivered-at = Entregada
webhooks-refresh = Actualizar
webhooks-send-again = Enviar de nuevo
webhooks-send-again-note = Tu producto recibe el mismo mensaje con el mismo ID.
webhooks-request = Solicitud
webhooks-request-headers = Encabezados
webhooks-request-body = Cuerpo
webhooks-attempts = Intentos
webhooks-attempts-none = Aún sin enviar
webhooks-attempts-none-note = El primer intento aparece aquí.
webhooks-attempt = Intento { $number }
webhooks-answer = Respuesta
webhooks-ms = { $ms } ms
webhooks-http = HTTP { $status }

webhooks-done-on = Endpoint activado
webhooks-done-off = Endpoint desactivado
webhooks-done-saved = Endpoint guardado
webhooks-done-deleted = Endpoint eliminado
webhooks-done-test = Evento de prueba en camino
webhooks-done-replayed = Eventos en camino de nuevo
webhooks-done-again = Entrega en camino de nuevo

webhooks-need-you = { $count ->
    [one] { $digits } webhook con fallas
   *[other] { $digits } webhooks con fallas
}
webhooks-reward-delivery = Ver el webhook
