codes-title = Códigos
codes-bulk = Crear en lote
codes-new = Crear código
codes-running-title = Creando códigos
codes-running = { $digits } códigos para “{ $description }” están en camino.
codes-running-link = Ver el progreso
codes-caption = Códigos de campaña
codes-code = Código
codes-status = Estado
codes-sign-ups = Registros
codes-clicks = Clics
codes-created = Creado
codes-expires = Vence
codes-never = Nunca
codes-beneficiary = Beneficiario
codes-switch = Activo
codes-switch-label = { $code } está activo
codes-not-switched = No se pudo cambiar { $code }.
codes-category = Categoría
codes-all = Todos
codes-person-hint = Correo o nombre de usuario
codes-remove-filter = Quitar filtro:
codes-batch = Lote: { $description }
codes-found = { $count ->
    [0] Ningún código
    [one] { $count } código en esta página
   *[other] { $count } códigos en esta página
}
codes-status-active = Activo
codes-status-inactive = Inactivo
codes-status-expired = Vencido
codes-status-limit-reached = Límite alcanzado
codes-empty-title = Aún no hay códigos
codes-empty-note = Crea un código y compártelo. Aquí se cuenta cada registro que llegue con él.
codes-nothing-title = Ningún código coincide
codes-nothing-note = Prueba con menos filtros o con otra parte del código.
codes-show-all = Mostrar todos los códigos
codes-done-batch-deleted = Códigos eliminados

code-switch-on = Activar
code-switch-off = Desactivar
code-link = Enlace
code-link-note = Los registros que llegan por este enlace cuentan para este código.
code-link-label = Enlace de este código
code-numbers = Cifras de este código
code-people = { $count ->
    [one] de { $digits } persona
   *[other] de { $digits } personas
}
code-no-limit = Sin límite
code-limit = de { $digits } como máximo
code-rate = Tasa de registro
code-rate-note = de los clics se convirtieron en registros
code-activity = Últimos 30 días
code-quiet = Los clics en el enlace de este código aparecen aquí.
code-nobody = Nadie
code-usages = Quién se registró
code-usages-caption = Los últimos 100 registros con este código
code-usages-person = Persona
code-usages-at = Registro
code-usages-none = Aún no hay registros
code-usages-none-note = Las personas que se registran con este código aparecen aquí.
code-usages-all = Todos los registros con este código
code-account-deleted = Cuenta eliminada
code-edit = Editar código
code-edit-note = El código en sí no se puede cambiar.
code-delete = Eliminar código
code-delete-open = Ya no lo necesito
code-delete-used = Este código tiene registros. Desaparece de la lista y deja de funcionar; su historial se conserva.
code-delete-unused = Este código no tiene registros. Se elimina para siempre.
code-delete-pause = Si solo quieres pausarlo, desactívalo.
code-delete-submit = Eliminar { $code }

code-new-title = Código nuevo
code-new-code = Código
code-new-code-hint = Déjalo vacío para obtener uno al azar, o usa de 3 a 50 letras, dígitos, “_” y “-”, p. ej. SPRING-26.
code-description = Descripción
code-description-hint = p. ej. Feria de primavera, puesto 12. Solo la ven los administradores.
code-category-hint = Agrupa códigos, p. ej. Eventos o Socios.
code-max-uses = Límite de uso
code-max-uses-hint = El código deja de funcionar después de esta cantidad de registros.
code-expires-hint = Fecha y hora en { $zone }.
code-expires-in = { $days ->
    [one] Vence en { $days } día, el { $date }. Para códigos impresos, elige una fecha posterior o que no venza nunca.
   *[other] Vence en { $days } días, el { $date }. Para códigos impresos, elige una fecha posterior o que no venza nunca.
}
code-never-expires = No vence nunca
code-beneficiary-hint = A quién se atribuyen los registros con este código. Escribe un correo electrónico o un nombre de usuario.
code-active = Activo: las personas pueden registrarse con él
code-save = Guardar cambios

bulk-title = Crear en lote
bulk-note = Un código distinto para cada cupón, entrada o carta, todos con las mismas reglas.
bulk-count = Cantidad
bulk-count-hint = Hasta 100.000 a la vez.
bulk-prefix = Prefijo
bulk-prefix-hint = Todos los códigos empiezan con él, p. ej. FERIA-. Letras, dígitos, “_” y “-”.
bulk-length = Caracteres al azar
bulk-length-hint = Después del prefijo. Cuantos más haya, más difícil es adivinar un código.
bulk-submit = Crear códigos
bulk-latest = Lotes recientes
bulk-latest-caption = Lotes recientes de códigos
bulk-for = Descripción
bulk-codes = Códigos
bulk-state = Estado
bulk-open = En curso
bulk-ready = Listo
bulk-failed = Falló
bulk-by = por { $name }
bulk-begins = Todos los códigos empiezan con { $prefix }.
bulk-requested = Solicitado por { $name } el { $when }.
bulk-show-codes = Ver estos códigos
bulk-all-codes = Todos los códigos
bulk-more = Crear más códigos

batch-title = Cambiar este lote
batch-note = { $digits } códigos: { $active } activos, { $used } con registros.
batch-switch-on = Activar todos
batch-switch-off = Desactivar todos
batch-expiry = Cambiar vencimiento
batch-delete = Eliminar todos los códigos
batch-delete-note = Los { $digits } códigos desaparecen de la lista y dejan de funcionar. No se puede deshacer.
batch-delete-history = { $count ->
    [one] { $digits } código con registros conserva su historial.
   *[other] { $digits } códigos con registros conservan su historial.
}
batch-delete-submit = { $count ->
    [one] Eliminar { $digits } código
   *[other] Eliminar { $digits } códigos
}
batch-delete-confirm = { $count ->
    [one] Sí, eliminar { $digits } código y su enlace
   *[other] Sí, eliminar los { $digits } códigos y sus enlaces
}
batch-delete-unconfirmed = Marca esta casilla para eliminar los códigos.
batch-audit-switched = Lote de códigos activado o desactivado
batch-audit-changed = Vencimiento de un lote de códigos modificado
batch-audit-deleted = Lote de códigos eliminado
