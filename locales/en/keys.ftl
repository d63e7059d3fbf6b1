keys-title = API keys
keys-caption = API keys
keys-new = Create a secret key
keys-new-note = For your server. Keep it out of web pages and mobile apps.
keys-name = Name
keys-name-hint = Which app it is for, e.g. Shop. The audit log shows it under this name.
keys-scopes = Permissions
keys-permission-publishable = check codes, record clicks
keys-scope-read = Read codes, users and numbers
keys-scope-write = Read, and create and change codes and users
keys-scope-admin = Everything, including settings and erasing users
keys-create = Create key
keys-new-publishable = Create a publishable key
keys-new-publishable-note = For your web pages. It can check codes and record clicks, and nothing else. Everyone can see it.
keys-origins = Allowed origins
keys-origins-hint = Where your pages live, separated by spaces, e.g. https://shop.example http://localhost:*
keys-create-publishable = Create publishable key
keys-docs = Read the API docs
keys-created = Key created
keys-created-note = Copy it now. For security, it’s shown only once.
keys-shown = This key was already shown
keys-shown-note = If you didn’t copy it, revoke it and create another one.
keys-secret = Your new API key
keys-created-publishable-note = Use it in your pages. You can copy it here any time.
keys-list = Keys
keys-none = No keys yet
keys-none-note = Create a secret key for your server, or a publishable key for your web pages.
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
keys-done-origins-saved = Origins saved
keys-edit-origins = Edit origins
# $name (String) - of the key
keys-edit-origins-name = Edit origins of { $name }
# $name (String) - of the key
keys-origins-name = Allowed origins of { $name }
keys-save-origins = Save origins
keys-snippet = Code snippet
# $name (String) - of the key
keys-snippet-name = Code snippet for { $name }
# $name (String) - of the key
keys-copy-name = Copy { $name }
keys-audit-origins-changed = API key origins changed
keys-audit-field-origins = Allowed origins
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

# $origin (String) - what was typed
key-origin-malformed = “{ $origin }” isn’t an origin. Enter scheme and host, e.g. https://shop.example
# $max (Number) - origins
key-origin-count = Enter 1 to { $max } origins, e.g. https://shop.example
key-opens-little = A publishable key only works for POST /codes/validate and POST /clicks.
key-origin-not-listed = This publishable key only works from pages on its allowed origins. Add this page’s origin to the key.
key-asks-no-user = Only a secret key can ask about a user.
key-secret-without-origins = A secret key has no origins.
key-publishable-without-scopes = A publishable key has no scopes.
