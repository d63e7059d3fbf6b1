overview-needs-you = Needs you
# $count (Number) - referrals, at most a hundred
# $digits (String) - the same as text
overview-reviews = { $count ->
    [one] { $digits } referral to review
   *[other] { $digits } referrals to review
}
# $count (Number) - rewards, at most a hundred
# $digits (String) - the same as text
overview-approvals = { $count ->
    [one] { $digits } reward to approve
   *[other] { $digits } rewards to approve
}
# $count (Number) - rewards, at most a hundred
# $digits (String) - the same as text
overview-failed-deliveries = { $count ->
    [one] { $digits } failed delivery
   *[other] { $digits } failed deliveries
}
# $count (Number) - payments, at most a hundred
# $digits (String) - the same as text
overview-unmatched-payments = { $count ->
    [one] { $digits } payment without a match
   *[other] { $digits } payments without a match
}

overview-period = Period
overview-days-7 = 7 days
overview-days-30 = 30 days
overview-days-90 = 90 days
overview-all = All
overview-last-7 = Last 7 days
overview-last-30 = Last 30 days
overview-last-90 = Last 90 days
overview-all-time = All time
overview-numbers = Numbers of this period
overview-quiet-clicks = Visits to your links appear here. Share a link or create a code to begin.
overview-quiet-customers = A friend who pays for the first time appears here.
overview-quiet-revenue = What referred friends pay appears here, once payments are connected.
overview-quiet-credit = Credit that your rules give appears here.

overview-latest = Latest referrals
overview-latest-all = All referrals
overview-latest-none = No referrals yet
overview-latest-none-note = Friends who join through a link or code appear here.
overview-through = through
overview-account-gone = Deleted account
overview-referrers = Top referrers
overview-referrers-none = No sign-ups in this period
overview-referrers-none-note = The people who bring the most friends appear here.
overview-referrer = Referrer
overview-codes = Top codes
overview-codes-note = By sign-ups in this period.
overview-codes-none = No code used in this period
overview-codes-none-note = The codes with the most sign-ups appear here.
overview-code = Code
overview-ending = Codes running out
overview-ending-none = Nothing runs out soon
overview-ending-none-note = Campaign codes about to expire or fill up appear here.
# $when (String) - an instant or a day
overview-expires = Expires { $when }
# $used (String) - a number
# $most (String) - a number
overview-used = { $used } of { $most } used
overview-all-codes = Codes
overview-codes-total = Total
overview-codes-active = Active
overview-codes-sign-ups = Sign-ups
overview-codes-converted = Codes that converted
# $when (String) - an instant
overview-updated = Lists, new users and rewards: updated { $when }
