profile-account = Account
profile-username = Username
profile-email = E-mail address
profile-sessions = Signed-in browsers
profile-sessions-note = Sign out any browser that you don’t recognize.
profile-this-browser = This browser
profile-sign-out = Sign out
# $browser (String) - its name, e.g. Firefox on Linux
# $network (String) - its shortened IP address
profile-sign-out-label = Sign out { $browser } from { $network }
# $network (String) - a shortened IP address
# $date (String) - a day
profile-seen = { $network } · last seen { $date }
profile-password = Change password
profile-password-note = This signs out all your other browsers.
profile-current-password = Current password
profile-new-password = New password
profile-change-password = Change password
profile-delete = Delete account
profile-delete-open = I want to delete my account
profile-delete-note = Your account, your link and your personal data will be deleted. This can’t be undone.
profile-delete-password = Your password
profile-delete-submit = Delete my account
