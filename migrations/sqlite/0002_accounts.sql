-- People with an account. Names that are searched by their beginning are compared byte by byte on every database.
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL UNIQUE,
    -- Without tags, for rules against fraud only.
    email_normalised TEXT NOT NULL,
    username TEXT NOT NULL,
    -- In lower case.
    username_key TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    role TEXT NOT NULL CHECK (role IN ('user', 'admin')),
    referred_by INTEGER REFERENCES users (id) ON DELETE SET NULL,
    referral_goal INTEGER NOT NULL CHECK (referral_goal >= 1),
    external_id TEXT UNIQUE,
    -- The host product's id of the workspace that this person belongs to.
    account_id TEXT,
    full_name TEXT,
    phone TEXT,
    locale TEXT,
    consent_at INTEGER,
    email_verified_at INTEGER,
    disabled_at INTEGER,
    created_at INTEGER NOT NULL,
    -- Grows with every change that the API shows; `codes` and `referrals` have one, too.
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX users_email_normalised ON users (email_normalised);
CREATE INDEX users_account ON users (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX users_referred_by ON users (referred_by);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent TEXT NOT NULL,
    network TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- Browsers (by their attribution cookie) that a user has signed in from.
CREATE TABLE known_browsers (
    visitor INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (visitor, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_browsers_user ON known_browsers (user_id);

-- Keyed hashes of the e-mails of people who were erased: whoever joins again is nobody new.
CREATE TABLE erased_emails (
    email_hash BLOB NOT NULL PRIMARY KEY,
    erased_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
