-- Links in mails by which people prove that an address is theirs. Each is used once.
CREATE TABLE account_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    -- The address that it is sent to.
    email TEXT NOT NULL,
    -- Of the secret in the link, from when its mail is sent.
    token_hash BLOB UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX account_links_user ON account_links (user_id);
CREATE INDEX account_links_expires_at ON account_links (expires_at);
