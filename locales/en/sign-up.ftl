sign-up-title = Create account
# $program (String) - the name of the program
sign-up-join = Join { $program }
# $referrer (String) - a username
# $program (String) - the name of the program
sign-up-invited-by = { $referrer } invited you to { $program }
# $program (String) - the name of the program
sign-up-invited = You’re invited to { $program }
# $rewards (String) - in words
sign-up-welcome = You get { $rewards }.
# $rewards (String) - in words
sign-up-welcome-code = With a friend’s code you get { $rewards }.
# $referrer (String) - a username
# $rewards (String) - in words
sign-up-welcome-referrer = { $referrer } gets { $rewards }.
sign-up-link-invalid = This invitation link isn’t valid any more. You can still join.
sign-up-link-invalid-required = This invitation link isn’t valid any more. Ask for a new one, or enter another code.
sign-up-email = E-mail address
sign-up-username = Username
sign-up-username-hint = 3–30 letters, digits, _ or -
sign-up-password = Password
sign-up-password-hint = At least 8 characters
sign-up-code = Referral code
# $referrer (String) - a username
sign-up-invitation = { $referrer }’s invitation
# $code (String) - a referral code
sign-up-invitation-code = Code { $code }
sign-up-change-code = Change
# $terms (String) - a link, whose text is the text below
sign-up-consent = I accept the { $terms }
sign-up-terms = terms
sign-up-submit = Create account
sign-up-known = Already have an account?

signed-in-title = You’re already signed in
# $username (String) - whose account it is
signed-in-as = You’re signed in as { $username }.
signed-in-continue = Continue
