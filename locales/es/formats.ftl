number-group = .
number-point = ,
number-percent = { $number } %
currency-sign = { $letters ->
    [USD] US$
   *[other] { $sign }
}
money-with-sign = { $minus }{ $amount } { $sign }
money-with-letters = { $minus }{ $amount } { $letters }
date-month = { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
}
date-month-short = { $month ->
    [1] ene
    [2] feb
    [3] mar
    [4] abr
    [5] may
    [6] jun
    [7] jul
    [8] ago
    [9] sept
    [10] oct
    [11] nov
   *[12] dic
}
date-day = { $day } { $month }
date-full = { $day } de { $month } de { $year }
date-moment = { $date }, { $time } { $zone }
