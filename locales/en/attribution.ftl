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
