toast-joined = Te uniste gracias a { $referrer }.
toast-signed-out = Sesión cerrada
toast-password = Contraseña cambiada. Se cerró la sesión en tus demás navegadores.
toast-session = Se cerró la sesión de ese navegador
toast-created = Código creado
toast-saved = Cambios guardados
toast-deleted-code = Código eliminado
toast-deleted = Cuenta eliminada
