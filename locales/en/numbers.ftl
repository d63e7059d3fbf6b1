number-conversions = Conversions
number-conversions-note = became customers
number-revenue = Revenue
number-revenue-note = paid by referred customers
# $at (String) - when the others were counted
number-ages = Clicks, sign-ups, conversions and revenue are counted live, everything else once a minute; last on { $at }.

chart-day = Day
chart-clicks = Clicks
chart-sign-ups = Sign-ups
# $currency (String) - its three letters
chart-revenue = Revenue in { $currency }
chart-as-table = Show as a table
# $count (Number) - clicks
# $digits (String) - the same, grouped
chart-clicks-counted = { $count ->
    [one] { $digits } click
   *[other] { $digits } clicks
}
# $count (Number) - sign-ups
# $digits (String) - the same, grouped
chart-sign-ups-counted = { $count ->
    [one] { $digits } sign-up
   *[other] { $digits } sign-ups
}
# $count (Number) - conversions
# $digits (String) - the same, grouped
chart-conversions-counted = { $count ->
    [one] { $digits } conversion
   *[other] { $digits } conversions
}
# $days (Number) - days of the chart
# $sums (String) - what there was in all
chart-summary = { $days } days: { $sums }
