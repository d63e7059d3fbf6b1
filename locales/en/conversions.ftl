conversions-title = Conversions
conversions-caption = Payments, last recorded first
conversions-add = Add payment
conversions-when = Date
conversions-payer = Customer
conversions-amount = Amount
conversions-refunded = Refunded
conversions-source = Source
conversions-state = State
conversions-all = All
conversions-search = Search
conversions-none = No payments yet
conversions-none-note = Payments that Stripe or your product reports appear here.
conversions-add-first = Add one by hand
conversions-nothing-found = No matching payments
conversions-nothing-found-note = Enter an e-mail address, a username or an external ID in full.
conversions-show-all = Show all payments

conversion-person = E-mail, username or external ID
conversion-payer-unknown = Unknown
conversion-payer-gone = Deleted account
conversion-test-mode = Test mode

conversion-incomplete = Incomplete
conversion-parked = Not counted
conversion-counted = Counted
conversion-disputed = Disputed
conversion-refunded = Refunded
conversion-duplicate = Duplicate
conversion-parked-payment-missing = Refund or dispute of a payment that hasn’t been reported yet
conversion-parked-unconfirmed = Marked as paid in Stripe by hand, without a charge
conversion-parked-unknown-person = We don’t know who paid
conversion-parked-no-referral = Nobody referred this customer
conversion-parked-before-sign-up = Paid more than a day before the sign-up
conversion-parked-too-late = Matched after more than 90 days
conversion-source-stripe = Stripe
conversion-source-api = API
conversion-source-hand = By hand
conversion-source-import = File

# $amount (String) - an amount with its currency
conversion-title = Payment of { $amount }
conversion-same-as = This payment is the same as another one, which counts instead.
conversion-show-same = Show the other payment
conversion-timeline = Timeline
conversion-facts = Details
conversion-net = Amount without tax
conversion-revenue = Counted revenue
conversion-code = Credited code
conversion-referrer = Referrer
conversion-reference = Reference
conversion-stripe-references = Stripe references
conversion-product = Product
conversion-paid-at = Paid
conversion-sign-up = See the attribution
conversion-credit = Credit a referrer

# $amount (String) - an amount with its currency
# $source (String) - who told of it
event-paid = Payment of { $amount } · { $source }
# $amount (String) - an amount with its currency
# $source (String) - who told of it
event-paid-again = Same payment, reported again: { $amount } · { $source }
# $amount (String) - an amount with its currency
# $reason (String) - why, in the words of an admin
event-corrected = Amount corrected to { $amount }: { $reason }
# $amount (String) - an amount with its currency
event-refund = Refund of { $amount }
# $amount (String) - an amount with its currency
event-refund-pending = Refund of { $amount }, pending
# $amount (String) - an amount with its currency
event-refund-failed = Refund of { $amount }, failed
# $amount (String) - an amount with its currency
event-refund-total = Refunds of { $amount } in total
# $amount (String) - an amount with its currency
event-dispute = Dispute over { $amount }
# $amount (String) - an amount with its currency
event-dispute-lost = Dispute over { $amount }, lost
# $amount (String) - an amount with its currency
event-dispute-won = Dispute over { $amount }, closed without loss
event-charge = Charge succeeded

# $count (Number) - messages
conversion-messages = Messages from Stripe ({ $count })
conversion-message-recorded = Recorded
conversion-message-merged = Several payments merged into one
conversion-message-conflict = Ignored: it would merge payments of different people
# $references (String) - names of the payment
conversion-message-names = References: { $references }

conversion-refund = Refund
conversion-refund-note = Record money you gave back.
conversion-refund-stripe-note = Refunds made in Stripe are recorded automatically. If both Stripe and you report refunds, the larger sum counts.
conversion-refund-amount = Amount to refund
# $left (String) - an amount with its currency
conversion-refund-left = Up to { $left }
conversion-reference-hint = Your own ID, e.g. order-1042. Leave empty to create one.
conversion-refund-submit = Record refund
conversion-correct = Correct amount
conversion-correct-amount = Amount paid
# $currency (String) - three letters
conversion-amount-hint = In { $currency }, before refunds
conversion-reason = Reason
conversion-reason-hint = Shown here and in the audit log.
conversion-correct-submit = Save correction
conversion-link = Link customer
conversion-link-note = The payment then counts for the person who referred this customer. Revenue and conversions move with it.
conversion-link-submit = Link payment

conversion-new = Add payment
conversion-new-note = The payment counts for the person who referred the customer.
conversion-new-amount-hint = e.g. 49.90
conversion-currency = Currency
conversion-currency-hint = Three letters, e.g. USD
# $zone (String) - the name of a time zone
conversion-paid-at-label = Paid at ({ $zone })
conversion-product-hint = Your own ID of what was bought
conversion-new-submit = Add payment

conversion-done-added = Payment added
conversion-done-known = This payment was already recorded
conversion-done-refunded = Refund recorded
conversion-done-corrected = Amount corrected
conversion-done-linked = Payment linked
conversion-audit-added = Payment added
conversion-audit-refunded = Payment refunded
conversion-audit-corrected = Payment corrected
conversion-audit-linked = Payment linked to a customer
conversion-audit-imported = Payments imported
