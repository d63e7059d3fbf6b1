# $moment (String) - until when
mail-link-once = The link works once, until { $moment }.
mail-link-fallback = If the button doesn’t work, open this link:
# $program (String) - its name
mail-footer = You received this e-mail because of your account with { $program }.
# $program (String) - its name
mail-reset-password-subject = Reset your { $program } password
# $program (String) - its name
mail-reset-password-text = Someone asked to reset the password of your { $program } account. Use the button to choose a new one.
mail-reset-password-button = Reset password
mail-reset-password-note = If you didn’t ask for this, ignore this e-mail. Your password stays the same.
# $program (String) - its name
mail-verify-email-subject = Confirm your e-mail for { $program }
# $program (String) - its name
mail-verify-email-text = Confirm that this e-mail address belongs to your { $program } account.
mail-verify-email-button = Confirm e-mail
mail-verify-email-note = If you don’t have an account, ignore this e-mail.
# $program (String) - its name
mail-change-email-subject = Confirm your new e-mail for { $program }
# $program (String) - its name
mail-change-email-text = You asked to use this e-mail address for your { $program } account. Confirm it to make the change.
mail-change-email-button = Confirm new e-mail
mail-change-email-note = If you didn’t ask for this, ignore this e-mail. Nothing changes.
# $program (String) - its name
mail-email-changed-subject = Your { $program } e-mail was changed
# $address (String) - the new one
# $program (String) - its name
mail-email-changed-text = The e-mail address of your account changed to { $address }. You can’t sign in to { $program } with the old one anymore.
mail-email-changed-note = If you didn’t make this change, contact the people who run the program right away.
# $program (String) - its name
mail-sign-in-subject = Sign in to { $program }
# $program (String) - its name
mail-sign-in-text = Use the button to sign in to { $program }. You don’t need a password.
mail-sign-in-button = Sign in
mail-sign-in-note = If you didn’t ask for this, ignore this e-mail. Don’t forward it: the link opens your account.
# $program (String) - its name
mail-password-changed-subject = Your { $program } password was changed
# $program (String) - its name
mail-password-changed-text = The password of your { $program } account was just changed.
mail-password-changed-other = If this was you, there’s nothing else to do. If not, reset your password now.
mail-password-changed-button = Reset password
# $program (String) - its name
mail-your-code-subject = Your code for { $program }
# $program (String) - its name
# $code (String) - the code
mail-your-code-text = Here’s your code for { $program }: { $code }
mail-your-code-how = Use the button, or enter the code when you sign up.
mail-your-code-button = Use code
# $moment (String) - until when
mail-your-code-expires = The code works until { $moment }.
mail-your-code-note = If you weren’t expecting this, ignore this e-mail.
# $program (String) - its name
mail-your-code-footer = You received this e-mail because the admin of { $program } sent a code to this address.
# $program (String) - its name
mail-test-subject = Test e-mail from { $program }
# $program (String) - its name
mail-test-text = It works: { $program } can send e-mail to its users.
mail-test-button = View system status
mail-kind-reset-password = Password reset
mail-kind-verify-email = E-mail confirmation
mail-kind-email-change-requested = Confirmation of a new e-mail
mail-kind-email-changed = Notice of a changed e-mail
mail-kind-sign-in-link = Sign-in link
mail-kind-password-changed = Notice of a changed password
mail-kind-your-code = Code for a recipient
mail-kind-test = Test e-mail
# $answer (String) - what it said, in its own words
mail-server-said = Mail server: { $answer }
# $reason (String) - technical, in English
mail-server-unreachable = The mail server can’t be reached ({ $reason }).
mail-server-silent = The mail server didn’t answer in time.
mail-server-no-encryption = The mail server doesn’t offer STARTTLS. To send without encryption, add ?tls=none to SMTP_URL.
mail-address-unusable = The mail server can’t deliver to this address.
mail-unknown = This version of the program doesn’t know this e-mail.
mail-page-title = E-mail
mail-page-note = E-mails that can’t be delivered are retried for about two days.
mail-page-server = Mail server
mail-page-not-set = Not set. E-mails wait until SMTP_URL is set.
mail-page-waiting = Waiting
mail-page-last-sent = Last sent
mail-page-never-sent = None yet
mail-page-last-problem = Last error
mail-page-send-test = Send me a test e-mail
mail-page-test-sent = Test e-mail queued. Check your inbox.
mail-page-failed = Failed e-mails
mail-page-none-failed = No failed e-mails
mail-page-none-failed-note = E-mails that couldn’t be delivered appear here.
# $count (String) - further ones
mail-page-more-failed = and { $count } more
mail-page-mail = E-mail
mail-page-recipient = Recipient
mail-page-again = Send again
# $address (String) - the recipient
mail-page-again-to = Send again to { $address }
mail-page-again-done = E-mail queued again.
mail-page-delete = Delete
# $address (String) - the recipient
mail-page-delete-to = Delete the e-mail to { $address }
mail-page-delete-done = E-mail deleted.
mail-audit-again = E-mail sent again
mail-audit-deleted = E-mail deleted
