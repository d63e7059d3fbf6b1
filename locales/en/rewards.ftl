reward-other-use = This source ID was used for another amount or kind.
reward-currency-needed = There are several currencies or units of this kind. Please say which.
reward-problem-already-redeemed = This reward has been redeemed already.
reward-problem-expired = This reward has expired.
reward-problem-on-hold = This reward is still on hold.
reward-problem-frozen = This reward is paused while we look into it.
reward-problem-choice-pending = Please choose a reward first.
reward-problem-voided = This reward was cancelled.
reward-problem-reversed = This reward was taken back.
reward-problem-already-chosen = You chose another reward already.
reward-problem-not-pending = This reward is not on hold any more.
reward-problem-option-unknown = Please choose one of the rewards.
reward-problem-cap-reached = This reward has run out. Please choose another one.
reward-problem-insufficient-balance = There is not enough of this.
reward-problem-nothing-owed = Nothing has to be paid back.
correct-keep-rewards = The former referrer keeps what they have used
correct-keep-rewards-hint = Their rewards for this friend are taken back. Without this, what they have used has to be paid back.

# $first (String) - all but the last
# $last (String) - the last
list-and = { $first } and { $last }

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
reward-choose = Pick one of these
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
reward-owed = { $amount } has to be paid back.
reward-redeemed = Redeemed
# $date (String)
reward-redeemed-on = Redeemed on { $date }
reward-expired = Expired
# $date (String)
reward-expired-on = Expired on { $date }
reward-ended-refunded = Taken back: the payment was refunded.
reward-ended-duplicate = Taken back: the same payment was counted twice.
reward-ended-not-counted = Taken back: the payment does not count.
reward-ended-corrected = Taken back: your friend was brought by somebody else.
reward-ended-below-milestone = Taken back: fewer friends count now than it takes.
reward-ended-not-chosen = Nothing was chosen in time.
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
balance-owed = { $amount } to be paid back

rewards-title = Rewards
rewards-none = No rewards yet
rewards-none-note = When a friend joins through your link, what you earn appears here.
rewards-share = Share your link
rewards-earlier = Earlier rewards
rewards-more = Older rewards are not shown here.
reward-redeem = Redeem
reward-choose-action = Choose
# $amount (String)
reward-of = of { $amount }
reward-offline = That did not work. Please check your connection and try again.
rewards-redeemed = Reward redeemed
rewards-chosen = Reward chosen


settings-time-zone = Time zone
settings-time-zone-hint = Where the days, weeks and months of caps begin, e.g. Europe/Berlin.
