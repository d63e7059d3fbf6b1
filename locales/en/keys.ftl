keys-title = API keys
keys-caption = API keys
keys-new = Create an API key
keys-new-note = For an app of yours that calls the API.
keys-name = Name
keys-name-hint = Which app it is for, e.g. Shop. The audit log shows it under this name.
keys-scopes = Permissions
keys-scope-read = Read codes, users and numbers
keys-scope-write = Read, and create and change codes and users
keys-scope-admin = Everything, including settings and erasing users
keys-create = Create key
keys-docs = Read the API docs
keys-created = Key created
keys-created-note = Copy it now. For security, it’s shown only once.
keys-shown = This key was already shown
keys-shown-note = If you didn’t copy it, revoke it and create another one.
keys-secret = Your new API key
keys-copy = Copy
keys-copied = Copied ✓
keys-copy-by-hand = Please copy it by hand
keys-list = Keys
keys-none = No keys yet
keys-none-note = A key lets one of your apps call the API.
keys-key = Key
keys-last-used = Last used
keys-never-used = Never
keys-actions = Actions
# $ending (String) - the last characters of the key
keys-ending = pal_…{ $ending }
# $date (String) - a day
keys-created-on = created { $date }
keys-stopped = Stopped
keys-revoked = Revoked
keys-revoke = Revoke
# $name (String) - of the key
keys-revoke-name = Revoke { $name }
# $name (String) - of the key
keys-revoke-note = Apps that use “{ $name }” lose access right away. You can’t undo this.
# $date (String) - a day
keys-revoke-used = It was last used on { $date }.
keys-revoke-unused = It has never been used.
keys-take-over = Take over
# $name (String) - of the key
keys-take-over-name = Take over { $name }
keys-done-revoked = Key revoked.
keys-done-taken-over = You own this key now.

# $ending (String) - the last characters of the key
key-made-before = You already sent this form. It created a key that ends with { $ending }. If you didn’t see it, revoke it and create another one.
key-belongs-explained = A key works while its owner is an admin. If the owner is disabled, deleted or no longer an admin, the key stops until another admin takes it over. Anyone who knew the key still knows it. If that’s a risk, revoke it and create a new one.
# $admin (String) - a username
key-of = owned by { $admin }
key-of-nobody = created on the command line, no owner
# $admin (String) - a username
key-without-rights = owned by { $admin }, who is no longer an active admin
key-without-admin = owned by a deleted account
key-ends-with-admin = If this admin is disabled, deleted or no longer an admin, their API keys stop working. Another admin can take the keys over on the API keys page.
key-ends-with-you = Your API keys stop working. Another admin can take them over on the API keys page.
