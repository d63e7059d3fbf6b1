number-conversions = Conversions
number-conversions-note = became customers
number-revenue = Revenue
number-revenue-note = paid by referred customers

number-clicks = Clicks
number-sign-ups = Sign-ups
number-rate = Sign-up rate
number-customers = Customers
number-new-users = New users
number-credit = Rewards given

# $by (String) - a number or a percentage
number-up = ▲ { $by }
# $by (String) - a number or a percentage
number-down = ▼ { $by }
number-same = ±0
# $by (String) - a number or a percentage
number-more = { $by } more than in the previous period
# $by (String) - a number or a percentage
number-less = { $by } less than in the previous period
number-no-change = Same as in the previous period
number-nothing-before = Nothing to compare with in the previous period

chart-day = Day
# $name (String) - what is counted
# $currency (String) - its three letters
chart-in-currency = { $name } in { $currency }
chart-as-table = Show as a table
# $name (String) - what is counted
# $days (Number) - days of the chart
# $total (String) - what there was in all
chart-summary = { $days ->
    [one] { $name }, { $days } day: { $total }
   *[other] { $name }, { $days } days: { $total }
}
# $from (String) - a day
# $until (String) - a day
chart-days = { $from } – { $until }
chart-before = Previous period
chart-unfinished = Today so far
# $name (String) - what is counted
chart-values = { $name } by day, with the arrow keys
chart-quiet = Quiet so far
chart-choice = What the chart shows
