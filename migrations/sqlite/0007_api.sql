-- Who may call the API. Of a secret key only the hash is kept, and what tells it apart in a list. A publishable key stands in
-- web pages: it is kept as it is, has no scope, and opens little to pages of its origins, which are parted by spaces. A key
-- works while `admin_id` is an admin who can come in; without one it belongs to whoever has the machine. A plain number: when
-- that admin is gone, the key must not turn into one that belongs to nobody.
CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    scope TEXT CHECK (scope IN ('read', 'write', 'admin')),
    public_key TEXT,
    origins TEXT NOT NULL DEFAULT '',
    secret_hash BLOB NOT NULL UNIQUE,
    last_four TEXT NOT NULL,
    admin_id INTEGER,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER,
    CHECK ((scope IS NULL) = (public_key IS NOT NULL))
) STRICT;

-- The answers to requests with an Idempotency-Key, so that sending one again does nothing again. Pruned after a day.
-- Without a status the request is still at work, or its server died over it.
CREATE TABLE idempotency (
    api_key_id INTEGER NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status INTEGER,
    answer TEXT NOT NULL DEFAULT '',
    -- Whom the answer is about, for when they are forgotten.
    user_id INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (api_key_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_created_at ON idempotency (created_at);
CREATE INDEX idempotency_user ON idempotency (user_id) WHERE user_id IS NOT NULL;
