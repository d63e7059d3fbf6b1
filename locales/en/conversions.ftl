conversions-title = Conversions
conversions-caption = Payments, the last recorded first
conversions-add = Add payment
conversions-when = When
conversions-payer = Who paid
conversions-amount = Amount
conversions-refunded = Refunded
conversions-source = Source
conversions-state = State
conversions-all = All
conversions-search = Search
conversions-none = No payments yet
conversions-none-note = Payments that Stripe or your product reports appear here.
conversions-add-first = Add one by hand
conversions-nothing-found = Nothing found
conversions-nothing-found-note = No payment fits. Write an e-mail address, a username or an external ID in full.
conversions-show-all = Show all payments

conversion-person = E-mail, username or external ID
conversion-payer-unknown = Unknown
conversion-payer-gone = Account deleted
conversion-test-mode = Test mode

conversion-incomplete = Incomplete
conversion-parked = Parked
conversion-counted = Counted
conversion-disputed = Disputed
conversion-refunded = Refunded
conversion-duplicate = Duplicate
conversion-parked-payment-missing = A refund or dispute of a payment that has not been reported yet
conversion-parked-unconfirmed = Marked as paid by hand in Stripe, without a charge
conversion-parked-unknown-person = The person who paid is not known
conversion-parked-no-referral = Nobody is credited for the person who paid
conversion-parked-before-sign-up = Paid more than a day before the sign-up
conversion-parked-too-late = The match came after 90 days
conversion-source-stripe = Stripe
conversion-source-api = API
conversion-source-hand = By hand
conversion-source-import = File

# $amount (String) - an amount with its currency
conversion-title = Payment of { $amount }
conversion-same-as = This payment is the same as another one, which counts in its place.
conversion-show-same = Show that payment
conversion-timeline = What happened
conversion-facts = Facts
conversion-net = Amount without tax
conversion-revenue = Revenue counted
conversion-code = Credited code
conversion-referrer = Referrer
conversion-reference = Reference
conversion-stripe-references = References in Stripe
conversion-product = Product
conversion-paid-at = Paid
conversion-sign-up = Evidence for the credit
conversion-credit = Credit somebody

# $amount (String) - an amount with its currency
# $source (String) - who told of it
event-paid = Payment of { $amount } · { $source }
# $amount (String) - an amount with its currency
# $source (String) - who told of it
event-paid-again = The same payment, reported again: { $amount } · { $source }
# $amount (String) - an amount with its currency
# $reason (String) - why, in the words of an admin
event-corrected = Amount corrected to { $amount }: { $reason }
# $amount (String) - an amount with its currency
event-refund = Refund of { $amount }
# $amount (String) - an amount with its currency
event-refund-pending = Refund of { $amount }, on its way
# $amount (String) - an amount with its currency
event-refund-failed = Refund of { $amount }, which failed
# $amount (String) - an amount with its currency
event-refund-total = Refunds of { $amount } in total
# $amount (String) - an amount with its currency
event-dispute = Dispute over { $amount }
# $amount (String) - an amount with its currency
event-dispute-lost = Dispute over { $amount }, lost
# $amount (String) - an amount with its currency
event-dispute-won = Dispute over { $amount }, settled without loss
event-charge = Charge went through

# $count (Number) - messages
conversion-messages = Messages from Stripe ({ $count })
conversion-message-recorded = Recorded
conversion-message-merged = Showed that several payments are one
conversion-message-conflict = Not taken: it would join payments of different people
# $references (String) - names of the payment
conversion-message-names = Names { $references }

conversion-refund = Refund
conversion-refund-note = Record money that you gave back.
conversion-refund-stripe-note = Refunds made in Stripe arrive by themselves. Where both Stripe and you report refunds, the larger sum counts.
conversion-refund-amount = Amount to refund
# $left (String) - an amount with its currency
conversion-refund-left = At most { $left }
conversion-reference-hint = Your own ID for it, e.g. order-1042. Leave it empty, and one is made.
conversion-refund-submit = Record refund
conversion-correct = Correct the amount
conversion-correct-amount = Amount paid
# $currency (String) - three letters
conversion-amount-hint = In { $currency }, before refunds
conversion-reason = Reason
conversion-reason-hint = Shown on this page and in the audit log.
conversion-correct-submit = Save correction
conversion-link = Link to a person
conversion-link-note = The payment then counts for whoever brought this person. Revenue and conversions move along.
conversion-link-submit = Link payment

conversion-new = Add payment
conversion-new-note = The payment counts for whoever brought the person who paid.
conversion-new-amount-hint = e.g. 49.90
conversion-currency = Currency
conversion-currency-hint = Three letters, e.g. USD
conversion-paid-at-label = Paid at (UTC)
conversion-product-hint = Your own ID of what was bought
conversion-new-submit = Add payment

conversion-done-added = The payment is added.
conversion-done-known = This payment was recorded before.
conversion-done-refunded = The refund is recorded.
conversion-done-corrected = The amount is corrected.
conversion-done-linked = The payment is linked.
conversion-audit-added = Payment added
conversion-audit-refunded = Payment refunded
conversion-audit-corrected = Payment corrected
conversion-audit-linked = Payment linked to a person
conversion-audit-imported = Payments imported
