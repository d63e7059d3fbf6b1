sign-in-title = Iniciar sesión
sign-in-email = Correo electrónico
sign-in-password = Contraseña
sign-in-submit = Iniciar sesión
sign-in-new = ¿No tienes cuenta?
sign-in-join = Crear cuenta
