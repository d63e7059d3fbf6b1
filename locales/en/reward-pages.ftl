admin-rewards-title = Rewards
admin-rewards-caption = Rewards, latest first
admin-rewards-what = Reward
admin-rewards-recipient = For
admin-rewards-friend = Friend
admin-rewards-rule = Rule
admin-rewards-state = State
admin-rewards-until = Until
admin-rewards-made = Created
admin-rewards-kind = Kind
admin-rewards-person = E-mail, username or external ID
admin-rewards-all = All
admin-rewards-search = Search
admin-rewards-none = No rewards yet
admin-rewards-none-note = Rewards that your rules give for referrals appear here.
admin-rewards-see-rules = See the rules
admin-rewards-nothing-found = No matching rewards
admin-rewards-nothing-found-note = Enter an e-mail address, a username or an external ID in full.
admin-rewards-show-all = Show all rewards
# $what (String) - a reward
# $name (String) - a username
admin-rewards-choose = Select { $what } for { $name }
admin-rewards-selected = With the selected rewards
admin-rewards-void-open = Void…
# $number (String) - the number of a reward
admin-rewards-number = No. { $number }
# $amount (String) - what stands of a reward
# $granted (String) - what it was made with
admin-reward-part = { $amount } of { $granted }
admin-reward-choice = Choice
# $options (String) - what can be picked
admin-reward-choice-of = One of: { $options }

admin-reward-pending = Pending
admin-reward-active = Active
admin-reward-redeemed = Redeemed
admin-reward-expired = Expired
admin-reward-voided = Voided
admin-reward-reversed = Reversed
admin-reward-needs-approval = Needs approval
admin-reward-owed = Owed
admin-reward-frozen = Paused
admin-reward-failed = Delivery failed
# $amount (String) - an amount of a kind
admin-reward-owes = Owes { $amount }
# $day (String) - a date
admin-reward-hold-until = On hold until { $day }
# $day (String) - a date
admin-reward-valid-until = Until { $day }

admin-reward-kind-messages = Extra messages
admin-reward-kind-requests = Extra requests
admin-reward-kind-credit = Account credit
admin-reward-kind-unlock = Feature unlock

# $number (String) - the number of a rule
admin-reward-rule = Rule { $number }
# $number (String) - the number of a rule
# $name (String) - what it is called
admin-reward-rule-named = Rule { $number }: { $name }
# $number (String) - the number of a rule
admin-reward-rule-deleted = Rule { $number }, deleted
# $number (String) - the number of a rule
# $version (String) - the number of its version
# $name (String) - what it is called
admin-reward-rule-version = Rule { $number }, version { $version }: { $name }
admin-reward-account-gone = Deleted account
admin-reward-an-account-gone = a deleted account

# $number (String) - the number of a reward
# $what (String) - an amount of a kind
admin-reward-title = Reward { $number }: { $what }
admin-reward-history = Timeline
admin-reward-facts = Details
admin-reward-payment = Payment
admin-reward-hold = On hold until
admin-reward-from = Valid from
admin-reward-to = Valid until
admin-reward-for-ever = No end
admin-reward-delivery = Delivery
admin-reward-delivery-none = Nothing to deliver yet
admin-reward-delivery-waiting = Waiting for your product
admin-reward-delivery-delivered = Delivered
admin-reward-delivery-failed = Failed
admin-reward-granted-amount = Granted
admin-reward-stands = Current amount
admin-reward-available = Available
admin-reward-used = Used
admin-reward-owed-amount = Owed
admin-reward-paid-back = Paid back
admin-reward-from-choice = Chosen from
# $number (String) - the number of a reward
admin-reward-number = Reward { $number }
# $amount (String) - an amount with its currency
# $day (String) - a date
admin-reward-payment-of = { $amount } on { $day }

# $what (String) - an amount of a kind
admin-reward-step-granted = { $what } granted
admin-reward-step-choice = Choice granted
# $number (String) - the number of a rule
# $version (String) - the number of its version
admin-reward-step-by-rule = by rule { $number }, version { $version },
# $day (String) - a date
admin-reward-step-for-payment = for the payment of { $day }
# $number (String) - friends
admin-reward-step-for-milestone = for the milestone of { $number }
# $name (String) - a username
admin-reward-step-for-sign-up = for the sign-up of { $name }
# $amount (String) - an amount of a kind
admin-reward-step-raised = { $amount } added: more was paid than first reported
admin-reward-step-approved = Approved
# $by (String) - who did it
admin-reward-step-approved-by = Approved by { $by }
admin-reward-step-activated = Activated
# $option (String) - the name of an option
admin-reward-step-chosen = “{ $option }” chosen
# $amount (String) - an amount of a kind
admin-reward-step-used = { $amount } used
# $amount (String) - an amount of a kind
# $source (String) - the host product's name of the use
admin-reward-step-used-as = { $amount } used: { $source }
# $amount (String) - an amount of a kind
admin-reward-step-expired = { $amount } expired
# $amount (String) - an amount of a kind
# $granted (String) - what the reward was made with
admin-reward-step-taken = { $amount } of { $granted } taken back
# $amount (String) - an amount of a kind
# $granted (String) - what the reward was made with
# $reason (String) - why
admin-reward-step-taken-because = { $amount } of { $granted } taken back: { $reason }
admin-reward-step-choice-taken = Choice taken back
# $reason (String) - why
admin-reward-step-choice-taken-because = Choice taken back: { $reason }
# $amount (String) - an amount of a kind
admin-reward-step-given = { $amount } given back
# $amount (String) - an amount of a kind
# $reason (String) - why
admin-reward-step-given-because = { $amount } given back: { $reason }
admin-reward-step-choice-given = Choice given back
# $reason (String) - why
admin-reward-step-cancelled = Cancelled: { $reason }
# $by (String) - who did it
# $reason (String) - why
admin-reward-step-cancelled-by = Cancelled by { $by }: { $reason }
# $amount (String) - an amount of a kind
admin-reward-step-paid-back = { $amount } paid back
# $amount (String) - an amount of a kind
# $by (String) - who said so
admin-reward-step-paid-back-by = { $amount } paid back, recorded by { $by }
# $amount (String) - an amount of a kind
admin-reward-step-written-off = { $amount } written off
# $amount (String) - an amount of a kind
# $by (String) - who did it
admin-reward-step-written-off-by = { $amount } written off by { $by }
admin-reward-because-refunded = the payment was refunded
admin-reward-because-duplicate = the payment is the same as another one
admin-reward-because-not-counted = the payment no longer counts
admin-reward-because-corrected = another code is credited for the sign-up
admin-reward-because-below-milestone = fewer friends count than the milestone needs
admin-reward-because-not-chosen = nothing was chosen in time
admin-reward-because-erased = the account was deleted
admin-reward-because-cancelled = an admin cancelled it
admin-reward-because-rejected = the referral was rejected in review

admin-reward-options = Options
admin-reward-options-note = The recipient chooses one of these.
admin-reward-option-picked = Chosen
admin-reward-picked-rewards = Rewards from this choice

admin-reward-decide = Decide
admin-reward-approve = Approve
admin-reward-approve-note = The reward becomes active when its hold is over.
admin-reward-mark-paid-back = Mark as paid back
admin-reward-mark-paid-back-note = The recipient has paid back what they owe.
admin-reward-write-off = Write off
admin-reward-write-off-note = The recipient no longer owes anything.
admin-reward-mark-delivered = Mark as delivered
admin-reward-mark-delivered-note = Your product has given this to the recipient.
admin-reward-void = Void
admin-reward-void-title = Void reward
admin-reward-void-note = This ends the reward for good. Whatever was used has to be paid back.
admin-reward-reason = Reason
admin-reward-reason-hint = Shown to the recipient, on the reward’s page and in the audit log.

admin-reward-none-chosen = Select at least one reward.
# $number (String) - the number of a reward
# $problem (String) - why, in a sentence
admin-reward-one-refused = Nothing was changed. Reward { $number }: { $problem }
admin-rewards-done-approved = Approved
admin-rewards-done-voided = Voided
admin-rewards-done-settled = Marked as paid back
admin-rewards-done-written-off = Written off
admin-rewards-done-delivered = Marked as delivered
admin-reward-audit-approved = Reward approved
admin-reward-audit-settled = Reward debt paid back
admin-reward-audit-voided = Reward voided
admin-reward-audit-written-off = Reward debt written off

admin-balances-title = Rewards
admin-balances-none = No rewards yet
admin-balances-none-note = What this person earns for referrals appears here.
admin-balances-caption = Balances by kind
admin-balances-pending = On hold
admin-balances-redeemed = Used
# $name (String) - a username
admin-balances-all = Rewards of { $name }
admin-earned-title = Rewards
admin-earned-caption = Rewards, latest hundred first
admin-earned-none-payment = This payment earned no rewards.
admin-earned-none-sign-up = This sign-up earned no rewards.
admin-refused-title = Rewards not given
admin-refused-caption = Rewards that were not given, latest first
admin-refused-reason = Reason
admin-refused-when = Date
admin-refused-choice = Choice
admin-refused-cap-reached = The rule has reached its limit
admin-refused-budget-spent = The rule’s budget is spent
admin-refused-no-account = The account is disabled or deleted
admin-refused-for-payment = Payment
