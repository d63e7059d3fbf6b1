sign-in-forgot = ¿Olvidaste tu contraseña?
sign-in-by-link = Enviarme un enlace para iniciar sesión

link-expired-title = Este enlace ya no funciona
link-expired = Ya se usó o venció. Cada enlace funciona una sola vez.
link-send-new = Enviar un enlace nuevo
link-sent-title = Revisa tu correo
link-sent-nothing = ¿No llegó nada después de unos minutos? Revisa la carpeta de spam.
link-sent-again = Enviar de nuevo
link-back = Volver a iniciar sesión

forgot-title = Restablecer tu contraseña
forgot-note = Ingresa el correo electrónico de tu cuenta. Te enviaremos un enlace para elegir una contraseña nueva.
forgot-submit = Enviar enlace
forgot-sent = Si hay una cuenta con este correo, le enviamos un enlace para elegir una contraseña nueva. Funciona durante una hora.
reset-title = Elige una contraseña nueva
reset-note = Para la cuenta { $email }. Se cerrará la sesión en todos tus navegadores.
reset-submit = Guardar e iniciar sesión

sign-in-link-ask = Iniciar sesión por correo
sign-in-link-note = Ingresa el correo electrónico de tu cuenta. Te enviaremos un enlace para iniciar sesión sin contraseña.
sign-in-link-send = Enviar enlace
sign-in-link-sent = Si hay una cuenta con este correo, le enviamos un enlace para iniciar sesión. Funciona durante 15 minutos.
sign-in-link-title = Iniciar sesión en { $program }
sign-in-link-other = Ahora tienes la sesión iniciada como { $username }. Este enlace es de otra cuenta.
sign-in-link-submit = Iniciar sesión como { $username }

confirm-title = Confirma tu correo electrónico
confirm-note = Enviamos un enlace a { $email }.
confirm-send-again = Enviar de nuevo
confirm-page-note = ¿Es { $email } el correo de tu cuenta { $username }?
confirm-submit = Confirmar correo
confirm-done-sent = Correo enviado. Revisa tu bandeja de entrada.
confirm-done = Correo electrónico confirmado

change-email-title = Cambiar correo electrónico
change-email-note = Enviaremos un enlace al correo nuevo. El cambio se hace cuando lo abras y confirmes.
change-email-new = Correo electrónico nuevo
change-email-submit = Enviar enlace de confirmación
change-email-done = Si el correo está libre, le enviamos un enlace. Revisa su bandeja de entrada.
change-email-confirm-note = ¿Usar { $email } para tu cuenta { $username } desde ahora? Iniciarás sesión con él.
change-email-confirm = Cambiar correo electrónico

account-email-unchanged = Este ya es tu correo electrónico.
account-user-disabled = Este usuario está desactivado y no puede iniciar sesión.
api-login-link-admin = La API no puede iniciar la sesión de un administrador. Los administradores inician sesión en el sitio.
audit-login-link = Enlace de inicio de sesión creado
