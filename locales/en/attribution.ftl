evidence-typed = The code typed by hand
evidence-link = The code from the link
# $day (String) - the day of the visit
evidence-visit = A visit on { $day }
evidence-visit-undated = A visit
# $evidence (String) - one of the texts above
evidence-counted = { $evidence } counted.
# $evidence (String) - one of the texts above
evidence-outranked = { $evidence } did not count: something else came first.
# $evidence (String) - one of the texts above
# $days (Number) - days between the visit and the sign-up
# $window (Number) - days that a visit counts
evidence-outside-window = { $evidence } did not count: it came { $days } days before the sign-up; the window is { $window }.
# $evidence (String) - one of the texts above
evidence-own = { $evidence } did not count: it was the referrer’s own.
# $evidence (String) - one of the texts above
evidence-code-not-found = { $evidence } did not count: the code is not known.
# $evidence (String) - one of the texts above
evidence-code-inactive = { $evidence } did not count: the code was switched off.
# $evidence (String) - one of the texts above
evidence-code-expired = { $evidence } did not count: the code had expired.
# $evidence (String) - one of the texts above
evidence-code-used-up = { $evidence } did not count: the code was used up.
# $evidence (String) - one of the texts above
evidence-after-sign-up = { $evidence } did not count: it came after the sign-up.
# $evidence (String) - one of the texts above
evidence-suspected = { $evidence } did not count: it did not look like a person.
# $evidence (String) - one of the texts above
evidence-joined-before = { $evidence } did not count: this person has had an account before.
# $named (String) - what was sent
evidence-unknown-click = No visit has the id “{ $named }”.
evidence-no-click-id = There was no visit: its id was empty.
credit-nobody = Nobody
correct-note = Uses, sign-ups and the referrer’s numbers move with the credit. The receipt keeps both decisions.
# $evidence (String) - one of the texts above
evidence-click-used = { $evidence } did not count: it has led to somebody else’s sign-up.
# $evidence (String) - one of the texts above
evidence-same-account = { $evidence } did not count: colleagues in one account are not each other’s referrals.
