sign-in-forgot = Forgot your password?
sign-in-by-link = E-mail me a sign-in link

link-expired-title = This link no longer works
link-expired = It was already used, or it has expired. Each link works once.
link-send-new = Send a new link
link-sent-title = Check your inbox
link-sent-nothing = Nothing there after a few minutes? Look in your spam folder.
link-sent-again = Send it again
link-back = Back to sign in

forgot-title = Reset your password
forgot-note = Enter the e-mail address of your account. We’ll send you a link to choose a new password.
forgot-submit = Send reset link
forgot-sent = If there’s an account with this address, we’ve sent it a link to choose a new password. The link works for one hour.
reset-title = Choose a new password
# $email (String) - the address of the account
reset-note = For the account { $email }. This signs out all your browsers.
reset-submit = Save password and sign in

sign-in-link-ask = Sign in by e-mail
sign-in-link-note = Enter the e-mail address of your account. We’ll send you a link that signs you in without a password.
sign-in-link-send = Send sign-in link
sign-in-link-sent = If there’s an account with this address, we’ve sent it a sign-in link. The link works for 15 minutes.
# $program (String) - its name
sign-in-link-title = Sign in to { $program }
# $username (String) - whose account it is
sign-in-link-other = You’re signed in as { $username } now. This link is for another account.
# $username (String) - whose account it is
sign-in-link-submit = Sign in as { $username }

confirm-title = Confirm your e-mail address
# $email (String) - the address to confirm
confirm-note = We sent a link to { $email }.
confirm-send-again = Send again
# $email (String) - the address to confirm
# $username (String) - whose account it is
confirm-page-note = Is { $email } the address of your account { $username }?
confirm-submit = Confirm e-mail
confirm-done-sent = E-mail sent. Check your inbox.
confirm-done = E-mail address confirmed

change-email-title = Change e-mail address
change-email-note = We’ll send a link to the new address. Your address changes when you open it and confirm.
change-email-new = New e-mail address
change-email-submit = Send confirmation link
change-email-done = If the address is free, we’ve sent it a link. Check its inbox.
# $email (String) - the new address
# $username (String) - whose account it is
change-email-confirm-note = Use { $email } for your account { $username } from now on? You’ll sign in with it.
change-email-confirm = Change e-mail address

account-email-unchanged = This is your current e-mail address.
account-user-disabled = This user is disabled and can’t sign in.
api-login-link-admin = Admins can’t be signed in by API. They sign in on the site.
audit-login-link = Login link created
