evidence-typed = The code typed by hand
evidence-link = The code from the link
evidence-import = The imported referral
# $day (String) - the day of the visit
evidence-visit = The visit on { $day }
evidence-visit-undated = A visit
# $evidence (String) - one of the texts above
evidence-counted = { $evidence } counted.
# $evidence (String) - one of the texts above
evidence-outranked = { $evidence } didn’t count: something else took priority.
# $evidence (String) - one of the texts above
# $days (Number) - days between the visit and the sign-up
# $window (Number) - days that a visit counts
evidence-outside-window = { $days ->
    [one] { $evidence } didn’t count: it was { $days } day before the sign-up, outside the { $window }-day window.
   *[other] { $evidence } didn’t count: it was { $days } days before the sign-up, outside the { $window }-day window.
}
# $evidence (String) - one of the texts above
evidence-own = { $evidence } didn’t count: it was the referrer’s own.
# $evidence (String) - one of the texts above
evidence-code-not-found = { $evidence } didn’t count: there is no such code.
# $evidence (String) - one of the texts above
evidence-code-inactive = { $evidence } didn’t count: the code was switched off.
# $evidence (String) - one of the texts above
evidence-code-expired = { $evidence } didn’t count: the code had expired.
# $evidence (String) - one of the texts above
evidence-code-used-up = { $evidence } didn’t count: the code had reached its limit.
# $evidence (String) - one of the texts above
evidence-after-sign-up = { $evidence } didn’t count: it came after the sign-up.
# $evidence (String) - one of the texts above
evidence-suspected = { $evidence } didn’t count: it looked automated.
# $evidence (String) - one of the texts above
evidence-joined-before = { $evidence } didn’t count: this person already had an account.
# $named (String) - what was sent
evidence-unknown-click = No visit has the ID “{ $named }”.
evidence-no-click-id = There was no visit: its ID was empty.
credit-nobody = Nobody
correct-note = Sign-ups and the referrer’s numbers move with the credit. Both decisions stay on record.
# $evidence (String) - one of the texts above
evidence-click-used = { $evidence } didn’t count: it already led to someone else’s sign-up.
# $evidence (String) - one of the texts above
evidence-same-account = { $evidence } didn’t count: people in the same account can’t refer each other.
