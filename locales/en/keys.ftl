# $ending (String) - the last characters of the key
key-made-before = This form was sent before, and made one key, which ends with { $ending }. If you have not seen it, revoke it and make another.
key-belongs-explained = A key works as long as the admin it belongs to is one. When they are disabled, no admin any more, or gone, it stops until somebody takes it over. Whoever knew it still knows it then: if that is wrong, revoke it and make another.
# $admin (String) - a username
key-of = belongs to { $admin }
key-of-nobody = made on the command line, belongs to nobody
# $admin (String) - a username
key-without-rights = belongs to { $admin }, who cannot come in as an admin
key-without-admin = belonged to somebody who is gone
key-ends-with-admin = API keys that belong to an admin stop working when they are disabled, no admin any more, or gone. Another admin can take them over on the page “API keys”, also afterwards.
key-ends-with-you = API keys that belong to you stop working. Another admin can take them over on the page “API keys”, also afterwards.
