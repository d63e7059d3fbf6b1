-- Links by which people come in without a password, or prove that an address is theirs. One that was used is deleted.
CREATE TABLE account_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('reset_password', 'verify_email', 'change_email', 'sign_in', 'login')),
    -- The address that it is sent to: that of the account, or its next one.
    email TEXT NOT NULL,
    -- The page of this site that it leads to, where somebody wanted to go to one.
    next TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_links_user ON account_links (user_id);
CREATE INDEX account_links_expires_at ON account_links (expires_at);

-- Hashes of the secrets in links. A mail that is sent again has another secret, and the first one may have arrived.
CREATE TABLE account_link_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    link_id INTEGER NOT NULL REFERENCES account_links (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX account_link_tokens_link ON account_link_tokens (link_id);
