-- Mails to be sent, and what became of them. Whoever has the lease sends one; after its end anybody takes it over. `lease`
-- counts how often it was taken: what an earlier holder still tries to write is refused by it. Pruned 30 days after the end.
CREATE TABLE mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    -- Whose account it is about.
    user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
    -- Of mails with the same key there is one.
    unique_key TEXT UNIQUE,
    -- What it says, as JSON; empty once it was sent.
    payload TEXT NOT NULL,
    -- The language for somebody whose account has none.
    locale TEXT,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
    -- Why the last try did not get through, as JSON.
    problem TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Nobody takes it before.
    next_at INTEGER NOT NULL,
    -- From then on it makes no sense any more.
    expires_at INTEGER NOT NULL,
    lease INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    -- When it was sent, failed or was dropped.
    ended_at INTEGER,
    CHECK ((state = 'waiting') = (ended_at IS NULL))
) STRICT;
CREATE INDEX mails_waiting ON mails (next_at, id) WHERE state = 'waiting';
CREATE INDEX mails_ended ON mails (state, ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX mails_user ON mails (user_id) WHERE user_id IS NOT NULL;
