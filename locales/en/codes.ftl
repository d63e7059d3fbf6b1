code-not-found = We don’t know this code. Please check it for typing mistakes.
code-inactive = This code is no longer active.
code-expired = This code has expired.
code-used-up = This code has been used up.
code-works = This code works.
code-required = You need a referral code to join. Please enter one that works.
# $min (Number) - characters
# $max (Number) - characters
code-characters = A code has { $min } to { $max } of the characters A–Z, 0–9, “_” and “-”.
code-taken = This code is taken already.
code-none-free = No free code was found. Please type one.
# $min (Number) - characters
# $max (Number) - characters
code-description-length = Please describe the code in { $min } to { $max } characters.
# $max (Number) - characters
code-category-length = A category has { $max } characters at most.
# $uses (Number) - how often the code has been used
code-limit-below-uses = This code has been used { $uses } times already; the limit cannot be lower.
code-beneficiary-unknown = Nobody has an account with this e-mail address or username.
code-beneficiary-id-unknown = There is no user with this id.
# $max (Number) - characters
code-prefix-characters = A prefix has at most { $max } of the characters A–Z, 0–9, “_” and “-”.
# $min (Number) - characters
code-too-short = Together with the prefix a code has at least { $min } characters.
# $count (Number) - codes
# $min (Number) - random characters of each
code-more-characters = { $count } different codes need at least { $min } random characters.
code-own = This code belongs to the same person. Please enter the code of whoever brought them.
code-same-account = This code belongs to a colleague in the same account. Colleagues are not each other’s referrals.
