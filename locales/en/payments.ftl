# $currency (String) - three letters
payment-amount-whole = Enter a whole amount. { $currency } has no smaller units.
# $currency (String) - three letters
# $digits (Number) - digits after the point
payment-amount-malformed = Enter an amount like 49.90. { $currency } has up to { $digits } digits after the point.
payment-amount-not-positive = Enter an amount above zero.
payment-net-above-gross = The net amount can’t be larger than the amount.
payment-in-future = A payment can’t be in the future.
# $left (String) - an amount
payment-refund-too-large = This is more than what’s left to refund: { $left }.
# $known (String) - an amount
payment-other-amount = This payment was already recorded with another amount: { $known }.
payments-of-different-people = The references belong to payments of two different people.
payment-of-somebody-else = This payment was already recorded for someone else.
payment-payer-missing = Send user_id, external_id or email to say who paid.
payment-payers-differ = user_id, external_id and email belong to different people.
payment-other-refund = This refund was already recorded with another amount.
payment-amount-from-stripe = This amount comes from Stripe, so you can’t change it here.
# $max (Number) - references
payment-references-malformed = Send up to { $max } references without spaces, e.g. pi_3MtwBwLkdIwHu7ix.
payment-payer-unknown = No account has this e-mail address, username or external ID.
payment-payer-erased = The customer’s account was deleted, so you can’t link this payment to anyone else.
