field-choice-unknown = Please choose one of these.
# $min (String) - the smallest number
# $max (String) - the largest number
field-whole-number = Please enter a whole number from { $min } to { $max }.
# $min (Number) - the smallest number
field-at-least = Please enter a whole number, { $min } or more.
# $max (Number) - characters
field-one-line = Please enter one line of { $max } characters at most.
field-invisible-characters = There is a character in it that cannot be seen. Please type it again.
# $min (Number) - characters
# $max (Number) - characters
field-name-length = Please enter a name of { $min } to { $max } characters.
# $max (Number) - characters
field-text-length = The text has { $max } characters at most.
field-moment-malformed = Please enter a date and time like 2026-12-31T18:00.
field-in-the-past = This is in the past. Please choose a later time.
field-address-malformed = Please enter a full address like https://example.com/join.
field-color-malformed = Please enter a colour like #3550c4.
field-currency-malformed = Please enter the three letters of a currency, like USD or EUR.
# $max (Number) - characters
field-personal-prefix = A prefix has { $max } letters and digits at most.
field-scopes-unknown = Please choose among read, write and admin.
# $min (Number) - characters
# $max (Number) - characters
field-reason-length = Please say why, in { $min } to { $max } characters.
# $max (Number) - characters
field-parameter-name = Please enter 1 to { $max } letters, digits, “_”, “-” or “.”.
field-parameter-names-alike = Code and click need parameters of different names.
field-time-zone-unknown = Please enter a time zone by its name, e.g. Europe/Berlin.
