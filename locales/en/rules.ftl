# $max (Number) - characters
rule-kind-malformed = Please choose a kind, or name your own with small letters, digits and _ (up to { $max }).
rule-unit-missing = Please say what this kind counts, e.g. stickers.
rule-percent-of-nothing = A percentage needs account credit for payments. Please enter an amount.
rule-amount-or-percent = Please enter an amount or a percentage, not both.
rule-condition-of-payments = This condition is about payments; the rule is about sign-ups.
rule-group-and-option = A group and an option go together. Please fill in both or neither.
rule-group-mixed = All rules of a group must be for the same person on the same occasion.
rule-ends-before-start = The end must come after the start.
