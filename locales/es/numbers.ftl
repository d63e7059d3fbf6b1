number-conversions = Conversiones
number-conversions-note = se hicieron clientes
number-revenue = Ingresos
number-revenue-note = pagados por clientes referidos

number-clicks = Clics
number-sign-ups = Registros
number-rate = Tasa de registro
number-customers = Clientes
number-new-users = Usuarios nuevos
number-credit = Recompensas otorgadas

number-up = ▲ { $by }
number-down = ▼ { $by }
number-same = ±0
number-more = { $by } más que en el período anterior
number-less = { $by } menos que en el período anterior
number-no-change = Igual que en el período anterior
number-nothing-before = Sin datos del período anterior para comparar

chart-day = Día
chart-in-currency = { $name } en { $currency }
chart-as-table = Ver como tabla
chart-summary = { $days ->
    [one] { $name }, { $days } día: { $total }
   *[other] { $name }, { $days } días: { $total }
}
chart-days = { $from } – { $until }
chart-before = Período anterior
chart-unfinished = Hoy hasta ahora
chart-values = { $name } por día, con las teclas de flecha
chart-quiet = Sin actividad por ahora
chart-choice = Qué muestra el gráfico
