# What stands between the thousands of a number
number-group = ,
# What stands before the decimals of a number
number-point = .
# $number (String) - the digits
number-percent = { $number }%
# $letters (String) - of a currency
# $sign (String) - what stands for it in English
currency-sign = { $letters ->
    [USD] $
   *[other] { $sign }
}
# $minus (String) - a minus, or nothing
# $sign (String) - of the currency
# $amount (String) - the digits
money-with-sign = { $minus }{ $sign }{ $amount }
# $minus (String) - a minus, or nothing
# $letters (String) - of the currency
# $amount (String) - the digits
money-with-letters = { $minus }{ $letters } { $amount }
# $month (Number) - 1 to 12
date-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
# $month (Number) - 1 to 12
date-month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
# $day (Number) - of the month
# $month (String) - its short name
date-day = { $day } { $month }
# $day (Number) - of the month
# $month (String) - its name
# $year (String) - its digits
date-full = { $day } { $month } { $year }
# $date (String) - day, month and year
# $time (String) - hours and minutes
# $zone (String) - the time zone
date-moment = { $date }, { $time } { $zone }
