field-choice-unknown = Choose one of the options.
# $min (String) - the smallest number
# $max (String) - the largest number
field-whole-number = Enter a whole number from { $min } to { $max }.
# $min (String) - the smallest number
field-at-least = Enter a whole number, { $min } or more.
# $max (Number) - characters
field-one-line = Enter one line of up to { $max } characters.
field-invisible-characters = This contains an invisible character. Type it again.
# $min (Number) - characters
# $max (Number) - characters
field-name-length = Enter a name of { $min } to { $max } characters.
# $max (String) - characters, grouped
field-text-length = Use up to { $max } characters.
field-moment-malformed = Enter a date and time like 2026-12-31T18:00.
field-in-the-past = This is in the past. Choose a later time.
field-address-malformed = Enter a full address like https://example.com/join.
field-color-malformed = Enter a colour like #3550c4.
field-currency-malformed = Enter the three letters of a currency, e.g. USD or EUR.
# $max (Number) - characters
field-personal-prefix = Use up to { $max } letters and digits.
field-scopes-unknown = Choose from read, write and admin.
# $min (Number) - characters
# $max (Number) - characters
field-reason-length = Enter a reason of { $min } to { $max } characters.
# $max (Number) - characters
field-parameter-name = Enter 1 to { $max } letters, digits, “_”, “-” or “.”.
field-parameter-names-alike = Code and click need different parameter names.
field-time-zone-unknown = Enter a time zone by its name, e.g. Europe/Berlin.
