code-mails-title = Enviar códigos por correo
code-mails-note = Cada dirección recibe un código sin usar de este lote. Si no hay códigos suficientes, no se envía nada.
code-mails-left = { $count ->
    [one] Queda { $digits } código sin usar
   *[other] Quedan { $digits } códigos sin usar
}
code-mails-addresses = Correos electrónicos
code-mails-addresses-hint = Uno por línea, hasta 1.000, p. ej. ana@example.com o Ana Gómez <ana@example.com>.
code-mails-language = Idioma del correo
code-mails-no-server = Sin servidor de correo
code-mails-waits = Los correos esperan hasta 30 días a que se defina SMTP_URL.
code-mails-submit = Enviar códigos
code-mails-recipients = Códigos enviados por correo
code-mails-code = Código
code-mails-recipient = Destinatario
code-mails-date = Fecha
code-mails-erased = Borrado
code-mails-done = { $count ->
    [one] { $digits } correo en cola.
   *[other] { $digits } correos en cola.
}
code-mails-done-none = Ningún correo en cola.
code-mails-passed = { $count ->
    [one] { $digits } dirección ya tenía un código de este lote.
   *[other] { $digits } direcciones ya tenían un código de este lote.
}
code-mails-lines = { $count ->
    [one] La línea { $lines } tiene un correo electrónico no válido. No se envió nada.
   *[other] Las líneas { $lines } tienen correos electrónicos no válidos. No se envió nada.
}
code-mails-count = Escribe de 1 a { $max } correos electrónicos.
code-mails-too-few = No hay suficientes códigos sin usar: se necesitan { $needed }, quedan { $left }. No se envió nada.
code-mails-audit = Códigos enviados por correo
