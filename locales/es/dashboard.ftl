dashboard-title = Panel
dashboard-hello = Hola, { $username }
dashboard-paused-title = El programa está en pausa.
dashboard-paused = Tu enlace sigue funcionando, pero los clics y registros no cuentan hasta que el programa se reanude.
dashboard-link-off-title = Tu enlace está desactivado.
dashboard-link-off = Un administrador lo desactivó. Por ahora las visitas no cuentan.

dashboard-link-title = Tu enlace
dashboard-link-note = Cada persona que se registre con él cuenta para ti.
dashboard-link-pending = Tu enlace está casi listo. Vuelve en un minuto.
dashboard-code = Tus amigos también pueden ingresar tu código al registrarse:

dashboard-goal-title = Tu meta
dashboard-goal-note = Registros con tu enlace
dashboard-goal-left = { $count ->
    [one] Falta { $digits }
   *[other] Faltan { $digits }
}
dashboard-goal-reached = ¡Alcanzaste tu meta! Felicidades.
dashboard-goal-over = { $count ->
    [one] ¡Superaste tu meta por { $digits }! Felicidades.
   *[other] ¡Superaste tu meta por { $digits }! Felicidades.
}
dashboard-goal-bar = Registros hacia tu meta
dashboard-goal-share = Seguir compartiendo
dashboard-goal-rewards = Ver tus recompensas

dashboard-numbers = Tus números
dashboard-clicks = Clics
dashboard-clicks-people = { $count ->
    [one] de { $digits } persona
   *[other] de { $digits } personas
}
dashboard-sign-ups = Registros
dashboard-sign-ups-note = se unieron con tu enlace
dashboard-conversions = Conversiones
dashboard-conversions-note = ya son clientes

dashboard-recent = { $digits } en los últimos 30 días
dashboard-activity = Últimos 30 días
dashboard-activity-quiet = Comparte tu enlace para recibir tu primera visita.

dashboard-friends = Últimos amigos
dashboard-friends-none = Cuando tus amigos se unan, aparecerán aquí.
dashboard-friend-joined = Registro: { $ago }
