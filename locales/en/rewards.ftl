reward-other-use = This source ID was already used for another amount or kind.
reward-currency-needed = There are several currencies or units of this kind. Say which one.
reward-problem-already-redeemed = This reward has already been redeemed.
reward-problem-expired = This reward has expired.
reward-problem-on-hold = This reward is still on hold.
reward-problem-frozen = This reward is paused while we look into it.
reward-problem-choice-pending = Choose a reward first.
reward-problem-voided = This reward was cancelled.
reward-problem-reversed = This reward was taken back.
reward-problem-already-chosen = The choice has already been made.
reward-problem-not-pending = This reward is no longer on hold.
reward-problem-option-unknown = Choose one of the rewards.
reward-problem-cap-reached = This reward has run out. Choose another one.
reward-problem-insufficient-balance = The balance is too low.
reward-problem-nothing-owed = Nothing is owed.
correct-keep-rewards = Let the former referrer keep what they have used
correct-keep-rewards-hint = Their rewards for this friend are taken back. Unless you tick this, they have to pay back what they have used.

# $first (String) - all but the last
# $last (String) - the last
list-and = { $first } and { $last }
# As list-and, for a last one that begins with an i: some languages have another word then.
# $first (String) - all but the last
# $last (String) - the last
list-and-before-i = { $first } and { $last }

# $count (Number) - messages
# $digits (String) - the same, grouped
amount-messages = { $count ->
    [one] { $digits } message
   *[other] { $digits } messages
}
# $count (Number) - requests
# $digits (String) - the same, grouped
amount-requests = { $count ->
    [one] { $digits } request
   *[other] { $digits } requests
}
# $count (Number) - days
# $digits (String) - the same, grouped
amount-days = { $count ->
    [one] { $digits } day
   *[other] { $digits } days
}
# $digits (String) - a number
# $unit (String) - in an admin's words
amount-own = { $digits } { $unit }

# What a program gives at first: see Texts::described.
# $count (Number) - messages
# $digits (String) - the same, grouped
extra-messages = { $count ->
    [one] { $digits } extra message
   *[other] { $digits } extra messages
}
# $count (Number) - requests
# $digits (String) - the same, grouped
extra-requests = { $count ->
    [one] { $digits } extra request
   *[other] { $digits } extra requests
}
# $count (Number) - requests
# $digits (String) - the same, grouped
extra-project-requests = { $count ->
    [one] { $digits } extra project request
   *[other] { $digits } extra project requests
}
# $count (Number) - days
# $digits (String) - the same, grouped
days-of-pro = { $count ->
    [one] { $digits } day of Pro
   *[other] { $digits } days of Pro
}
month-of-pro = a month of Pro
# $amount (String) - as “$10”
credit-of = { $amount } credit

reward-welcome = Your welcome gift
reward-a-friend = A friend
# $friend (String) - the beginning of a name
reward-for-sign-up = { $friend } joined
# $friend (String) - the beginning of a name
reward-for-first-payment = { $friend } paid for the first time
# $friend (String) - the beginning of a name
reward-for-payment = { $friend } made a payment
# $count (Number) - friends
# $digits (String) - the same, grouped
reward-for-milestone = { $count ->
    [one] You reached { $digits } friend
   *[other] You reached { $digits } friends
}
reward-choice-title = Choose your reward
reward-choose = Waiting for your choice
reward-frozen = Paused while we look into it
reward-needs-approval = Waiting for approval
reward-about-to-be-active = Ready in a moment
# $date (String)
reward-on-hold = On hold until { $date }
reward-active = Active
# $days (Number)
# $date (String)
reward-active-until = { $days ->
    [one] Active · 1 day left
   *[other] Active · { $days } days left, until { $date }
}
# $amount (String)
reward-owed = You need to pay back { $amount }.
reward-redeemed = Redeemed
# $date (String)
reward-redeemed-on = Redeemed on { $date }
reward-expired = Expired
# $date (String)
reward-expired-on = Expired on { $date }
reward-ended-refunded = Taken back: the payment was refunded.
reward-ended-duplicate = Taken back: the same payment was counted twice.
reward-ended-not-counted = Taken back: the payment doesn’t count.
reward-ended-corrected = Taken back: someone else referred this friend.
reward-ended-below-milestone = Taken back: you no longer have enough friends for this reward.
reward-ended-not-chosen = You didn’t choose in time.
reward-ended-erased = The account was deleted.
# $reason (String) - in an admin's words
reward-ended-by-admin = Cancelled: { $reason }

# $amount (String)
balance-available = { $amount } available
# $amount (String)
balance-pending = { $amount } on hold
# $amount (String)
balance-frozen = { $amount } paused
# $amount (String)
balance-owed = { $amount } to pay back

rewards-title = Rewards
rewards-none = No rewards yet
rewards-none-note = When a friend joins through your link, what you earn appears here.
rewards-share = Share your link
rewards-earlier = Earlier rewards
rewards-more = Older rewards are not shown.
reward-redeem = Redeem
reward-choose-action = Choose
# $amount (String)
reward-of = of { $amount }
reward-offline = That didn’t work. Check your connection and try again.
rewards-redeemed = Reward redeemed
rewards-chosen = Reward chosen
