# $ending (String) - the last characters of the key
key-made-before = This form was sent before, and made one key, which ends with { $ending }. If you have not seen it, revoke it and make another.
key-belongs-explained = A key works while its owner is an admin. When the owner is disabled, demoted or deleted, the key stops until another admin takes it over. Anyone who knew the key still knows it: if that is a risk, revoke it and create a new one.
# $admin (String) - a username
key-of = belongs to { $admin }
key-of-nobody = made on the command line, belongs to nobody
# $admin (String) - a username
key-without-rights = belongs to { $admin }, who is no longer an active admin
key-without-admin = belonged to a deleted account
key-ends-with-admin = When this admin is disabled, demoted or deleted, their API keys stop working. Another admin can take the keys over later on the page “API keys”.
key-ends-with-you = Your API keys stop working. Another admin can take them over later on the page “API keys”.
