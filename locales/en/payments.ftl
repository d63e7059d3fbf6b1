# $currency (String) - three letters
payment-amount-whole = Please enter a whole amount: { $currency } has no smaller units.
# $currency (String) - three letters
# $digits (Number) - digits after the point
payment-amount-malformed = Please enter an amount like 49.90. { $currency } has { $digits } digits after the point at most.
payment-amount-not-positive = Please enter an amount above zero.
payment-net-above-gross = The net amount cannot be larger than the amount.
payment-in-future = A payment cannot be in the future.
# $left (String) - an amount
payment-refund-too-large = The refund is larger than what is left of the payment: { $left }.
# $known (String) - an amount
payment-other-amount = This payment was recorded before with another amount: { $known }.
payments-of-different-people = The references name payments of two different people.
payment-of-somebody-else = This payment was recorded before for somebody else.
payment-payer-missing = Please say who paid: send user_id, external_id or email.
payment-payers-differ = user_id, external_id and email name different people.
payment-other-refund = This refund was recorded before with another amount.
payment-amount-from-stripe = Stripe says what was paid here, so the amount cannot be changed by hand.
# $max (Number) - references
payment-references-malformed = Please send at most { $max } references without spaces, like pi_3MtwBwLkdIwHu7ix.
payment-payer-unknown = No account has this e-mail address, username or external ID.
payment-payer-erased = The account of the person who paid is deleted, so this payment cannot be linked to somebody else.
