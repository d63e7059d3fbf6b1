# $referrer (String) - a username
toast-joined = You joined through { $referrer }.
toast-signed-out = Signed out
toast-password = Password changed. Your other browsers are signed out.
toast-session = Browser signed out
toast-created = Code created
toast-saved = Changes saved
toast-deleted-code = Code deleted
toast-deleted = Account deleted
