account-email-malformed = Enter an e-mail address like name@example.com.
# $min (Number) - characters
# $max (Number) - characters
account-username-length = Usernames have { $min } to { $max } characters.
account-username-characters = Use only letters (a–z), digits, “_” and “-”.
# $min (Number) - characters
account-password-too-short = Passwords need at least { $min } characters.
# $max (Number) - bytes
account-password-too-long = This password is too long ({ $max } bytes at most).
account-password-common = This password is too easy to guess. Choose another one.
account-password-is-name = Choose a password that isn’t your name or e-mail address.
account-password-wrong = The password is incorrect.
account-current-password-wrong = The current password is incorrect.
account-sign-in-mismatch = Incorrect e-mail or password. Try again.
account-email-taken = This e-mail address already has an account. Sign in instead.
account-username-taken = This username is taken.
account-taken = This e-mail or username is already in use.
account-other-user-has-this = Another user already has this.
account-no-free-username = We couldn’t find a free username. Enter one.
account-consent-missing = Accept the terms to join.
account-set-up-token-wrong = This isn’t the token from the server’s log.
account-only-admin = This is the only admin. Make someone else an admin first.
account-own-rights = You can’t remove your own admin rights. Ask another admin.
account-locale-malformed = Enter a language like en or pt-BR.
account-sign-up-in-future = A sign-up can’t be in the future.
# $days (Number) - days
account-sign-up-too-long-ago = A sign-up can be at most { $days } days ago.
# $host (String) - the site where people sign up
sign-up-elsewhere = Sign up at { $host }
sign-up-elsewhere-note = Your invitation counts there. An account here is only for sharing a link.
# $host (String) - the site where people sign up
sign-up-go = Go to { $host }
sign-up-here = Or get your own link here
