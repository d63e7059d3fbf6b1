overview-needs-you = Requiere tu atención
overview-reviews = { $count ->
    [one] { $digits } referido por revisar
   *[other] { $digits } referidos por revisar
}
overview-approvals = { $count ->
    [one] { $digits } recompensa por aprobar
   *[other] { $digits } recompensas por aprobar
}
overview-failed-deliveries = { $count ->
    [one] { $digits } entrega fallida
   *[other] { $digits } entregas fallidas
}
overview-unmatched-payments = { $count ->
    [one] { $digits } pago sin asignar
   *[other] { $digits } pagos sin asignar
}

overview-period = Período
overview-days-7 = 7 días
overview-days-30 = 30 días
overview-days-90 = 90 días
overview-all = Todo
overview-last-7 = Últimos 7 días
overview-last-30 = Últimos 30 días
overview-last-90 = Últimos 90 días
overview-all-time = Desde el inicio
overview-numbers = Cifras de este período
overview-quiet-clicks = Las visitas a tus enlaces aparecen aquí. Comparte un enlace o crea un código para empezar.
overview-quiet-customers = Los amigos que pagan por primera vez aparecen aquí.
overview-quiet-revenue = Lo que pagan los referidos aparece aquí cuando conectas los pagos.
overview-quiet-credit = El crédito que dan tus reglas aparece aquí.

overview-latest = Últimos referidos
overview-latest-all = Todos los referidos
overview-latest-none = Aún no hay referidos
overview-latest-none-note = Los amigos que llegan por un enlace o código aparecen aquí.
overview-through = a través de
overview-account-gone = Cuenta eliminada
overview-referrers = Mejores referentes
overview-referrers-none = Sin registros en este período
overview-referrers-none-note = Las personas que traen más amigos aparecen aquí.
overview-referrer = Referente
overview-codes = Mejores códigos
overview-codes-note = Por registros en este período.
overview-codes-none = Ningún código usado en este período
overview-codes-none-note = Los códigos con más registros aparecen aquí.
overview-code = Código
overview-ending = Códigos por agotarse
overview-ending-none = Nada se agota pronto
overview-ending-none-note = Los códigos de campaña por vencer o llenarse aparecen aquí.
overview-expires = Vence el { $when }
overview-used = { $used } de { $most } usados
overview-all-codes = Códigos
overview-codes-total = En total
overview-codes-active = Activos
overview-codes-sign-ups = Registros
overview-codes-converted = Códigos que convirtieron
overview-updated = Listas, usuarios nuevos y recompensas: actualizados el { $when }
