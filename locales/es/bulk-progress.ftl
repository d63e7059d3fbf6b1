bulk-progress-open = Creando códigos. Puedes salir de esta página.
bulk-progress-done = { $count ->
    [one] { $digits } código listo
   *[other] { $digits } códigos listos
}
bulk-progress-failed = No se creó ningún código.
bulk-progress-bar = Códigos creados
bulk-progress-so-far = { $done } de { $total }
bulk-progress-refresh = Actualizar
bulk-progress-download = Descargar CSV
