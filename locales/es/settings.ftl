settings-title = Ajustes
settings-sections = Secciones
settings-save = Guardar
settings-unsaved-one = 1 cambio sin guardar
settings-unsaved-many = { $count } cambios sin guardar
settings-problems = { $count ->
    [one] No se guardó nada: revisa un ajuste
   *[other] No se guardó nada: revisa { $count } ajustes
}

settings-program = Programa
settings-program-note = Mientras el programa está desactivado, los enlaces no cuentan y la gente se registra sin códigos.
settings-enabled = El programa está activo
settings-required = Solo con invitación: hace falta un código válido para registrarse

settings-content = Contenido
settings-content-note = Lo que la gente lee en cada página y al registrarse.
settings-program-name = Nombre del programa
settings-welcome-text = Texto de bienvenida
settings-welcome-text-hint = Para la página de inicio y el registro. Los saltos de línea se conservan.
settings-policy-url = Enlace a tus términos
settings-policy-url-hint = Si lo agregas, la gente acepta tus términos al registrarse, p. ej. https://example.com/terms.

settings-branding = Marca
settings-branding-note = Haz que el programa se parezca a tu producto. Los colores se ajustan para que todos puedan leerlos.
settings-accent-color = Color de la marca
settings-accent-color-hint = Para botones y enlaces, p. ej. #3550c4. Déjalo vacío para usar el azul predeterminado.
settings-pick-color = Elegir el color de la marca
settings-preview = Vista previa
settings-preview-button = Crear cuenta
settings-preview-link = Copiar enlace
settings-logo-url = Logotipo
settings-logo-url-hint = La dirección de una imagen, p. ej. https://example.com/logo.svg. Los navegadores la cargan desde ahí.

settings-links = Enlaces
settings-links-note = A dónde llevan los enlaces de recomendación y qué datos pasan.
settings-link-destination = Destino de los enlaces
settings-link-destination-hint = Una página de tu producto, p. ej. https://example.com/welcome. Déjalo vacío para usar la página de registro de este sitio.
settings-ref-parameter = Parámetro del código
settings-ref-parameter-hint = Se agrega al destino, p. ej. ?ref=CODE.
settings-click-id-parameter = Parámetro del ID de clic
settings-click-id-parameter-hint = Se agrega a continuación, p. ej. &click_id=… Envía ambos con POST /users.

settings-codes = Códigos
settings-codes-note = Cada persona que se registra recibe un código. Los cambios solo afectan a los códigos nuevos.
settings-personal-code-style = Códigos personales
settings-style-random = Aleatorios, p. ej. K7M2XQ4P
settings-style-named = Con el nombre de usuario, p. ej. DEVO-ALEX7K3M
settings-personal-code-prefix = Prefijo de los códigos personales
settings-personal-code-prefix-hint = Va antes de los códigos con nombre de usuario, p. ej. DEVO.
settings-random-code-length = Longitud de los códigos de campaña aleatorios
settings-random-code-length-hint = De 5 a 12 caracteres. Con cada carácter más, un código es 32 veces más difícil de adivinar. Usa 8 o más si un código vale dinero.

settings-attribution = Atribución
settings-attribution-note = Quién recibe el crédito cuando alguien abrió enlaces de varias personas antes de registrarse.
settings-attribution-model = El crédito es para
settings-model-last-click = El último enlace abierto
settings-model-first-click = El primer enlace abierto
settings-attribution-window-days = Ventana de atribución (días)
settings-attribution-window-days-hint = Las visitas más antiguas no cuentan. De 1 a 400 (recomendado: 30).

settings-rewards = Recompensas
settings-rewards-note = Las recompensas quedan retenidas antes de poder usarse, para que aún puedas detenerlas.
settings-default-goal = Meta predeterminada
settings-default-goal-hint = Registros a los que aspiran los usuarios nuevos. Los usuarios actuales conservan su meta.
settings-signup-hold-days = Retención tras un registro (días)
settings-signup-hold-days-hint = Con 0, las recompensas se liberan al instante (recomendado: 7).
settings-conversion-hold-days = Retención tras un pago (días)
settings-conversion-hold-days-hint = El mismo plazo en que das reembolsos (recomendado: 30).

settings-payments = Pagos
settings-payments-note = Cómo cuentan los pagos de los clientes referidos. Los pagos ya registrados no cambian.
settings-conversion-amount = Ingresos
settings-amount-net = Sin impuestos, si Stripe los informa
settings-amount-gross = Con impuestos
settings-stripe-test-events = Contar los pagos del modo de prueba de Stripe

settings-review = Revisión
settings-review-note = No se rechaza a nadie: las recompensas esperan hasta que un administrador revise el registro.
settings-review-network = Amigos en la misma red que el referente
settings-review-email = Amigos con un correo electrónico desechable
settings-review-ads = Amigos que llegaron por un anuncio pagado
settings-review-by-code = Registros por código y hora
settings-review-by-browser = Registros por navegador y día
settings-review-by-hint = Los que superen esta cantidad se revisan. 0 significa sin límite.

settings-limits = Límites
settings-limits-note = Evita que una sola red infle tus números.
settings-clicks-per-network-hour = Visitantes contados por red y hora
settings-clicks-per-network-hour-hint = Por cada código. 0 significa sin límite (recomendado: 300). Los visitantes por encima del límite cuentan si se registran, pero sus clics no.

settings-region = Moneda y zona horaria
settings-region-note = Para importes, fechas y los periodos de los límites de recompensas.
settings-currency = Moneda
settings-currency-hint = Tres letras, p. ej. USD o EUR.
settings-time-zone = Zona horaria
settings-time-zone-hint = Para todas las horas en páginas y formularios, y donde empiezan los períodos de los límites, p. ej. America/Bogota.
settings-checklist = Lista de primeros pasos
settings-checklist-hidden = Oculta
settings-checklist-shown = Visible
settings-welcome-default = Comparte tu enlace con tus amigos. Cuando se unan, ambos ganan.
