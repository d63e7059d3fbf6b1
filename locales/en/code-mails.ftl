code-mails-title = Send codes by e-mail
code-mails-note = Each address gets one unused code from this batch. If there aren’t enough codes, nothing is sent.
# $count (Number) - codes
# $digits (String) - the same, grouped
code-mails-left = { $count ->
    [one] { $digits } unused code left
   *[other] { $digits } unused codes left
}
code-mails-addresses = E-mail addresses
code-mails-addresses-hint = One per line, up to 1,000, e.g. ann@example.com or Ann Smith <ann@example.com>.
code-mails-language = Language of the e-mail
code-mails-no-server = No mail server
code-mails-waits = E-mails wait up to 30 days until SMTP_URL is set.
code-mails-submit = Send codes
code-mails-recipients = Codes sent by e-mail
code-mails-code = Code
code-mails-recipient = Recipient
code-mails-date = Date
code-mails-erased = Erased
# $count (Number) - e-mails
# $digits (String) - the same, grouped
code-mails-done = { $count ->
    [one] { $digits } e-mail queued.
   *[other] { $digits } e-mails queued.
}
code-mails-done-none = No e-mails queued.
# $count (Number) - addresses
# $digits (String) - the same, grouped
code-mails-passed = { $count ->
    [one] { $digits } address already had a code from this batch.
   *[other] { $digits } addresses already had a code from this batch.
}
# $count (Number) - lines
# $lines (String) - their numbers
code-mails-lines = { $count ->
    [one] Line { $lines } has an invalid e-mail address. Nothing was sent.
   *[other] Lines { $lines } have invalid e-mail addresses. Nothing was sent.
}
# $max (String) - addresses, grouped
code-mails-count = Enter 1 to { $max } e-mail addresses.
# $needed (String) - codes, grouped
# $left (String) - codes, grouped
code-mails-too-few = Not enough unused codes: { $needed } needed, { $left } left. Nothing was sent.
code-mails-audit = Codes sent by e-mail
