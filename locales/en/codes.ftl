code-not-found = We don’t know this code. Please check it for typing mistakes.
code-inactive = This code is no longer active.
code-expired = This code has expired.
code-used-up = This code has been used up.
code-works = This code works.
code-required = Enter a valid referral code to join.
# $min (Number) - characters
# $max (Number) - characters
code-characters = Use { $min } to { $max } characters: A–Z, 0–9, “_” and “-”.
code-taken = This code is already taken.
code-none-free = We couldn’t find a free code. Enter one.
# $min (Number) - characters
# $max (Number) - characters
code-description-length = Describe the code in { $min } to { $max } characters.
# $max (Number) - characters
code-category-length = Categories can have up to { $max } characters.
# $uses (Number) - sign-ups by the code
# $digits (String) - the same, grouped
code-limit-below-uses = { $uses ->
    [one] This code already has { $digits } sign-up. The limit can’t be lower.
   *[other] This code already has { $digits } sign-ups. The limit can’t be lower.
}
code-beneficiary-unknown = No account has this e-mail address or username.
code-beneficiary-id-unknown = No user has this ID.
# $max (Number) - characters
code-prefix-characters = Use up to { $max } characters: A–Z, 0–9, “_” and “-”.
# $min (Number) - characters
code-too-short = With its prefix, a code needs at least { $min } characters.
# $count (String) - codes, grouped
# $min (Number) - random characters of each
code-more-characters = { $count } different codes need at least { $min } random characters.
code-own = This code belongs to the same person. Enter the code of their referrer.
code-same-account = This code belongs to someone in the same account. People in one account can’t refer each other.
