# $max (Number) - characters
rule-kind-malformed = Choose a kind, or name your own with lowercase letters, digits and _ (up to { $max }).
rule-unit-missing = Enter what this kind counts, e.g. stickers.
rule-percent-of-nothing = A percentage works only for account credit on payments. Enter an amount.
rule-amount-or-percent = Enter an amount or a percentage, not both.
rule-condition-of-payments = This condition is about payments, but the rule is about sign-ups.
rule-milestone-missing = Choose which friends the milestone counts.
rule-milestone-elsewhere = Only a rule for a milestone can have one.
rule-milestone-recipient = Only the referrer can reach a milestone.
rule-not-for-milestone = This doesn’t work with a milestone, which counts all friends.
rule-group-and-option = A group and an option go together. Fill in both or neither.
rule-group-mixed = All rules of a group need the same trigger and the same recipient.
rule-ends-before-start = The end must be after the start.
rule-percent-malformed = Enter a percentage from 0.01 to 100, e.g. 11.5.

# $when (String) - the occasion
# $who (String) - who gets it
# $what (String) - what, and within which limits
rule-sentence-whole = { $when }, { $who } gets { $what }.
# $when (String) - the occasion
# $who (String) - who can choose
# $what (String) - one thing of several, and within which limits
rule-sentence-choice = { $when }, { $who } can choose { $what }.
# $when (String) - the occasion
# $who (String) - who can choose
rule-choice = { $when }, { $who } can choose:
rule-referrer = the referrer
rule-referee = the friend
rule-friend = a friend
rule-friend-verified = a friend with a verified e-mail address
# $friend (String) - who signs up
rule-when-signup = When { $friend } signs up
# $friend (String) - who pays
# $pays (String) - what they do, as “pays at least $20.00”
rule-when-first = When { $friend } { $pays } for the first time
# $friend (String) - who pays
# $pays (String) - what they do, as “pays at least $20.00”
rule-when-every = When { $friend } { $pays }
# $count (Number) - friends
# $digits (String) - the same, grouped
rule-when-signed-up = { $count ->
    [one] When { $digits } friend of a referrer has signed up
   *[other] When { $digits } friends of a referrer have signed up
}
# $count (Number) - friends
# $digits (String) - the same, grouped
rule-when-paid = { $count ->
    [one] When { $digits } friend of a referrer has paid
   *[other] When { $digits } friends of a referrer have paid
}
rule-when-goal-signed-up = When a referrer reaches their goal of friends who signed up
rule-when-goal-paid = When a referrer reaches their goal of friends who paid
rule-pays = pays
# $amount (String) - an amount with its currency
rule-pays-least = pays at least { $amount }
# $product (String) - the ID of what is bought
rule-pays-for = pays for { $product }
# $amount (String) - an amount with its currency
# $product (String) - the ID of what is bought
rule-pays-least-for = pays at least { $amount } for { $product }
# $when (String) - the occasion
# $months (Number) - months
rule-when-within = { $months ->
    [one] { $when } within { $months } month of the first payment
   *[other] { $when } within { $months } months of the first payment
}
# $when (String) - the occasion
# $amount (String) - an amount with its currency
rule-when-spent = { $when }, once they have spent { $amount } in total
# $percent (String) - as “11.5%”
rule-percent = { $percent } of the payment
# $days (Number) - days
# $digits (String) - the same, grouped
rule-days = { $days ->
    [one] { $digits } day
   *[other] { $digits } days
}
# $days (String) - as “30 days”
rule-unlock = { $days } of a feature
# $description (String) - what it is called
# $days (String) - as “30 days”
rule-unlock-described = { $description } ({ $days })
# $what (String) - the reward
# $days (String) - as “30 days”
rule-after = { $what } after { $days }
# $what (String) - the reward
rule-approved = { $what } once you approve it
# $what (String) - the reward
# $days (String) - as “30 days”
rule-after-approved = { $what } after { $days } and once you approve it
# $days (String) - as “30 days”
rule-valid = valid for { $days }
# $count (Number) - how often
# $digits (String) - the same, grouped
rule-times = { $count ->
    [1] once
    [2] twice
   *[other] { $digits } times
}
# $times (String) - as “5 times”
rule-times-day = { $times } a day
# $times (String) - as “5 times”
rule-times-week = { $times } a week
# $times (String) - as “5 times”
rule-times-month = { $times } a month
# $times (String) - as “5 times”
rule-times-year = { $times } a year
# $times (String) - as “5 times” or “5 times a month”
rule-per-referrer = { $times } per referrer
# $times (String) - as “5 times”
rule-per-friend = { $times } per friend
# $times (String) - as “5 times a month”
rule-at-most = { $times } at most
# $amount (String) - an amount with its currency
rule-budget-spent = until { $amount } is spent
# $amount (String) - as “500 messages”
rule-budget-given = until { $amount } are given
# $date (String) - a day
rule-from = from { $date }
# $date (String) - a day
rule-until = until { $date }

rules-title = Rules
rules-note = What people get, and for what. Changes never affect rewards already given.
rules-create = Create rule
rules-none = No rules yet
rules-none-note = Without a rule, nobody gets anything for referring friends.
rules-create-first = Create your first rule
# $rule (String) - what the rule does
rule-switch = On: { $rule }
rule-off = Off
# $count (Number) - rewards
# $digits (String) - the same, grouped
rule-given = { $count ->
    [one] { $digits } reward this month
   *[other] { $digits } rewards this month
}
rule-given-none = No rewards this month

rule-new = New rule
# $version (Number) - the number of the version
rule-version = Version { $version }
rule-says = What it does
# $count (Number) - rewards
# $digits (String) - the same, grouped
rule-made = { $count ->
    [one] { $digits } reward already given stays as it is.
   *[other] { $digits } rewards already given stay as they are.
}
rule-made-none = No rewards given yet.
rule-starts-now = It applies to what happens from now on.
rule-save = Save rule

rule-part-occasion = Trigger
rule-part-occasion-note = What has to happen, and who gets the reward.
rule-trigger = When
rule-trigger-signup = A friend signs up
rule-trigger-first = A friend pays for the first time
rule-trigger-every = A friend pays, every time
rule-trigger-milestone = A referrer reaches a milestone
rule-milestone-count = Milestone: number of friends
rule-milestone-count-hint = For a milestone, e.g. 5. Leave empty for each referrer’s own goal.
rule-milestone-of = Milestone: which friends
rule-milestone-signed-up = Everyone who signed up
rule-milestone-converted = Only those who paid
rule-recipient = Who gets it
rule-recipient-referrer = The referrer
rule-recipient-referee = The friend
rule-part-reward = Reward
rule-part-reward-note = An amount or, for payments, a percentage.
rule-kind = Kind
rule-kind-credit = Account credit
rule-kind-messages = Extra messages
rule-kind-requests = Extra requests
rule-kind-unlock = Days of a feature
rule-kind-own = Your own kind
rule-own-kind = Name of your own kind
rule-own-kind-hint = Lowercase letters, digits and _, e.g. stickers.
rule-unit = Unit
rule-unit-hint = What the amount counts, e.g. stickers. Leave empty for messages, requests or days.
rule-amount = Amount
rule-amount-hint = e.g. 10.00 for account credit, or a whole number
rule-percent-label = Or a percentage of the payment
rule-percent-hint = e.g. 11.5. For account credit only.
rule-currency = Currency
# $currency (String) - three letters
rule-currency-hint = For all amounts in this rule. Leave empty for { $currency }.
rule-description = Description
rule-description-hint = What people see, e.g. a month of Pro.
rule-valid-days = Valid for (days)
rule-valid-days-hint = Counted from when it is active. Leave empty for no end.
rule-part-hold = Hold and approval
rule-part-hold-note = A reward on hold can still be stopped.
rule-hold = Hold (days)
# $signup (Number) - days after a sign-up
# $conversion (Number) - days after a payment
rule-hold-hint = 0 for none. Leave empty for the default: { $signup } for sign-ups, { $conversion } for payments.
rule-approval = Approval
rule-approval-automatic = Automatic
rule-approval-manual = An admin approves each reward
rule-part-choice = Choice
rule-part-choice-note = Rules of one group are alternatives. The recipient chooses one option.
rule-group = Group
rule-group-hint = The same name for all alternatives, e.g. first-payment.
rule-option = Option
rule-option-hint = Rules with the same option are given together, e.g. usage.
rule-part-conditions = Conditions
rule-part-conditions-note = All of them must be met. Leave empty for none.
rule-min-amount = Minimum payment
rule-min-total = Minimum total paid
rule-months = Months since the first payment
rule-months-hint = Only payments for periods that begin within this many months.
rule-product = Product
rule-product-hint = The ID of what is bought, e.g. prod_1.
rule-verified = Only friends with a verified e-mail address
rule-part-caps = Limits
rule-part-caps-note = Leave empty for none.
rule-cap-referrer-label = Rewards per referrer
rule-period = Period
rule-period-day = Per day
rule-period-week = Per week
rule-period-month = Per month
rule-period-year = Per year
rule-period-ever = In total
rule-cap-friend-label = Rewards per friend
rule-budget = Budget
rule-budget-hint = The most that all rewards of this rule can add up to, in the unit of its amount.
rule-part-runs = Status and dates
rule-part-runs-note = When the rule applies, and what you call it.
rule-active = On: it gives rewards
# $zone (String) - the name of a time zone
rule-starts-at = From ({ $zone })
rule-starts-at-hint = Leave empty to start now.
# $zone (String) - the name of a time zone
rule-ends-at = Until ({ $zone })
rule-ends-at-hint = Leave empty for no end.
rule-name = Name
rule-name-hint = Only admins see it. Leave empty to use the description.

rule-delete = Delete this rule
rule-delete-open = Delete…
rule-delete-note = The rule leaves the list, gives no more rewards and can’t be restored. Rewards already given stay as they are. To pause it, switch it off instead.
rule-delete-submit = Delete rule

rule-done-created = Rule created
rule-done-saved = Rule saved. It applies to what happens from now on.
rule-done-deleted = Rule deleted
rule-audit-created = Rule created
rule-audit-changed = Rule changed
rule-audit-deleted = Rule deleted
