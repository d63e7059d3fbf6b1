account-email-malformed = Please enter an e-mail address like name@example.com.
# $min (Number) - characters
# $max (Number) - characters
account-username-length = A username has { $min } to { $max } characters.
account-username-characters = Please use only letters (a–z), digits, “_” and “-”.
# $min (Number) - characters
account-password-too-short = A password has at least { $min } characters.
# $max (Number) - bytes
account-password-too-long = That password is too long: { $max } bytes at most.
account-password-common = That password is one of the first that others would guess. Please choose another.
account-password-is-name = Please choose a password that is not your name or e-mail address.
account-password-wrong = That is not your password.
account-current-password-wrong = That is not your current password.
account-sign-in-mismatch = That e-mail and password do not match. Please try again.
account-email-taken = This e-mail address already has an account. You can sign in instead.
account-username-taken = This username is taken.
account-taken = That e-mail or username already has an account.
account-other-user-has-this = Another user has this already.
account-no-free-username = No free username was found. Please choose one.
account-consent-missing = Please accept the policy to join.
account-set-up-token-wrong = That is not the token from the server’s log.
account-only-admin = This is the only admin. Make somebody else an admin first.
account-own-rights = You cannot take away your own rights. Another admin can.
account-locale-malformed = Please enter a language like en or pt-BR.
account-sign-up-in-future = A sign-up cannot be in the future.
# $days (Number) - days
account-sign-up-too-long-ago = A sign-up can be { $days } days ago at most.
# $host (String) - the site where people sign up
sign-up-elsewhere = Sign up at { $host }
sign-up-elsewhere-note = Your invitation counts there. An account on this page is only for sharing a link.
# $host (String) - the site where people sign up
sign-up-go = Go to { $host }
sign-up-here = Or get your own link here
