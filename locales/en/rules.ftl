# $max (Number) - characters
rule-kind-malformed = Please choose a kind, or name your own with small letters, digits and _ (up to { $max }).
rule-unit-missing = Please say what this kind counts, e.g. stickers.
rule-percent-of-nothing = A percentage needs account credit for payments. Please enter an amount.
rule-amount-or-percent = Please enter an amount or a percentage, not both.
rule-condition-of-payments = This condition is about payments; the rule is about sign-ups.
rule-milestone-missing = Please say which friends the milestone counts.
rule-milestone-elsewhere = Only a rule for a milestone has one.
rule-milestone-recipient = Only the referrer reaches a milestone.
rule-not-for-milestone = This does not go with a milestone, which counts all friends.
rule-group-and-option = A group and an option go together. Please fill in both or neither.
rule-group-mixed = All rules of a group must be for the same person on the same occasion.
rule-ends-before-start = The end must come after the start.
rule-percent-malformed = Please enter a percentage from 0.01 to 100, e.g. 11.5.

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
rule-choice = { $when }, { $who } gets the choice of:
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
# $ending (Number) - the last digit, 0 for 11, 12 and 13
# $digits (String) - the whole number, grouped
rule-nth = { $ending ->
    [1] { $digits }st
    [2] { $digits }nd
    [3] { $digits }rd
   *[other] { $digits }th
}
# $nth (String) - as “5th”
rule-when-nth-signup = When a referrer’s { $nth } friend signs up
# $nth (String) - as “5th”
rule-when-nth-pays = When a referrer’s { $nth } friend pays for the first time
rule-when-goal-signup = When as many friends of a referrer have signed up as their goal says
rule-when-goal-pays = When as many friends of a referrer have paid as their goal says
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
rule-when-spent = { $when }, once they have spent { $amount } in all
# $percent (String) - a number, as 11.5
rule-percent = { $percent }% of the payment
# $days (Number) - days
rule-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
# $days (String) - as “30 days”
rule-unlock = { $days } of a feature
# $description (String) - what it is called
# $days (String) - as “30 days”
rule-unlock-described = { $description } ({ $days })
# $first (String) - something
# $second (String) - something more
rule-and = { $first } and { $second }
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
rule-cap-day = { $times } a day at most
# $times (String) - as “5 times”
rule-cap-week = { $times } a week at most
# $times (String) - as “5 times”
rule-cap-month = { $times } a month at most
# $times (String) - as “5 times”
rule-cap-year = { $times } a year at most
# $times (String) - as “5 times”
rule-cap-ever = { $times } per referrer at most
# $cap (String) - as “5 times a month at most”
rule-cap-per-referrer = { $cap } per referrer
# $times (String) - as “5 times”
rule-cap-friend = { $times } per friend at most
# $amount (String) - an amount with its currency
rule-budget-spent = until { $amount } are spent
# $amount (String) - as “500 messages”
rule-budget-given = until { $amount } are given
# $date (String) - a day
rule-from = from { $date }
# $date (String) - a day
rule-until = until { $date }

rules-title = Rules
rules-note = What people get, and for what. A change never touches rewards made so far.
rules-create = Create rule
rules-none = No rules yet
rules-none-note = Without a rule nobody gets anything for bringing friends.
rules-create-first = Create the first one
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
    [one] { $digits } reward made so far stays as it is.
   *[other] { $digits } rewards made so far stay as they are.
}
rule-made-none = No rewards made so far.
rule-starts-now = It counts for what happens from now on.
rule-save = Save rule

rule-part-occasion = The occasion
rule-part-occasion-note = For what, and for whom.
rule-trigger = When
rule-trigger-signup = A friend signs up
rule-trigger-first = A friend pays for the first time
rule-trigger-every = A friend pays, every time
rule-trigger-milestone = A referrer reaches a milestone
rule-milestone-count = Milestone: number of friends
rule-milestone-count-hint = For a milestone, e.g. 5. Empty: the goal of each referrer.
rule-milestone-of = Milestone: which friends
rule-milestone-signed-up = All who signed up
rule-milestone-converted = Those who paid
rule-recipient = Who gets it
rule-recipient-referrer = The referrer
rule-recipient-referee = The friend
rule-part-reward = The reward
rule-part-reward-note = An amount, or for payments a percentage.
rule-kind = Kind
rule-kind-credit = Account credit
rule-kind-messages = Extra messages
rule-kind-requests = Extra requests
rule-kind-unlock = Days of a feature
rule-kind-own = A kind of your own
rule-own-kind = Name of your own kind
rule-own-kind-hint = Small letters, digits and _, e.g. stickers.
rule-unit = Unit
rule-unit-hint = What the amount counts, e.g. stickers. Empty: messages, requests or days, by the kind.
rule-amount = Amount
rule-amount-hint = e.g. 10.00 for account credit, or a whole number
rule-percent-label = Or percent of the payment
rule-percent-hint = e.g. 11.5. For account credit only.
rule-currency = Currency
# $currency (String) - three letters
rule-currency-hint = Of all amounts in this rule. Empty: { $currency }.
rule-description = Description
rule-description-hint = What people read, e.g. a month of Pro.
rule-valid-days = Days it can be used
rule-valid-days-hint = From when it is active. Empty: for ever.
rule-part-hold = Before it can be used
rule-part-hold-note = A reward on hold can still be stopped.
rule-hold = Days on hold
# $signup (Number) - days after a sign-up
# $conversion (Number) - days after a payment
rule-hold-hint = 0: at once. Empty: as in the settings, { $signup } for sign-ups and { $conversion } for payments.
rule-approval = Approval
rule-approval-automatic = Automatic
rule-approval-manual = An admin approves each reward
rule-part-choice = A choice
rule-part-choice-note = Rules of one group are alternatives. The recipient picks one option.
rule-group = Group
rule-group-hint = The same name for all alternatives, e.g. first-payment.
rule-option = Option
rule-option-hint = Rules with the same option are given together, e.g. usage.
rule-part-conditions = Conditions
rule-part-conditions-note = All of them must be met. Empty: none.
rule-min-amount = Least amount of the payment
rule-min-total = Least amount paid in all
rule-months = Months since the first payment
rule-months-hint = Only payments for periods that begin within so many months.
rule-product = Product
rule-product-hint = The ID of what is bought, e.g. prod_1.
rule-verified = Only friends with a verified e-mail address
rule-part-caps = Limits
rule-part-caps-note = Empty: none.
rule-cap-referrer-label = Rewards per referrer
rule-period = Counted over
rule-period-day = A day
rule-period-week = A week
rule-period-month = A month
rule-period-year = A year
rule-period-ever = All time
rule-cap-friend-label = Rewards per friend
rule-budget = Budget
rule-budget-hint = What all rewards of this rule may come to, in the unit of its amount.
rule-part-runs = This rule
rule-part-runs-note = When it runs, and what you call it.
rule-active = On: it gives rewards
rule-starts-at = From (UTC)
rule-starts-at-hint = Empty: from now on.
rule-ends-at = Until (UTC)
rule-ends-at-hint = Empty: without an end.
rule-name = Name
rule-name-hint = Only admins see it. Empty: the description.

rule-delete = Delete this rule
rule-delete-open = I do not need it any more
rule-delete-note = It leaves the list, gives nothing more and cannot be restored. Rewards made so far stay as they are. To stop it only for a while, switch it off.
rule-delete-submit = Delete rule

rule-done-created = The rule is created.
rule-done-saved = The rule is saved. It counts for what happens from now on.
rule-done-deleted = The rule is deleted.
rule-audit-created = Rule created
rule-audit-changed = Rule changed
rule-audit-deleted = Rule deleted
