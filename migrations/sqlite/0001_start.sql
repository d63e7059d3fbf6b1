CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL UNIQUE,
    email_normalised TEXT NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    role TEXT NOT NULL CHECK (role IN ('user', 'admin')),
    referred_by INTEGER REFERENCES users (id) ON DELETE SET NULL,
    referral_goal INTEGER NOT NULL CHECK (referral_goal >= 1),
    external_id TEXT UNIQUE,
    full_name TEXT,
    phone TEXT,
    locale TEXT,
    consent_at INTEGER,
    email_verified_at INTEGER,
    disabled_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX users_email_normalised ON users (email_normalised);
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

-- Which browsers (attribution cookies) a user has signed in from.
CREATE TABLE user_visitors (
    visitor INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (visitor, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_visitors_user ON user_visitors (user_id);

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE instances (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at INTEGER NOT NULL
) STRICT;

CREATE TABLE codes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('personal', 'campaign')),
    owner_id INTEGER UNIQUE REFERENCES users (id) ON DELETE SET NULL,
    beneficiary_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    created_by INTEGER REFERENCES users (id) ON DELETE SET NULL,
    description TEXT NOT NULL DEFAULT '',
    category TEXT,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    max_uses INTEGER CHECK (max_uses > 0),
    uses INTEGER NOT NULL DEFAULT 0 CHECK (uses >= 0 AND (max_uses IS NULL OR uses <= max_uses)),
    expires_at INTEGER,
    clicks INTEGER NOT NULL DEFAULT 0,
    unique_clicks INTEGER NOT NULL DEFAULT 0,
    signups INTEGER NOT NULL DEFAULT 0,
    conversions INTEGER NOT NULL DEFAULT 0,
    revenue INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER,
    created_at INTEGER NOT NULL,
    CHECK (kind = 'personal' OR owner_id IS NULL),
    CHECK (kind = 'campaign' OR beneficiary_id IS NULL)
) STRICT;
CREATE INDEX codes_beneficiary ON codes (beneficiary_id);

-- One row for every recorded visit by a link. The id carries the time in milliseconds above its lowest 20 bits.
CREATE TABLE clicks (
    id INTEGER PRIMARY KEY,
    code_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    visitor INTEGER NOT NULL,
    network TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    referring_host TEXT,
    channel TEXT,
    counted INTEGER NOT NULL,
    first INTEGER NOT NULL,
    suspicion TEXT
) STRICT;

CREATE TABLE visitor_salts (
    day INTEGER NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL
) STRICT;

-- By day first: the rows that are written now lie side by side.
CREATE TABLE code_days (
    code_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    clicks INTEGER NOT NULL DEFAULT 0,
    unique_clicks INTEGER NOT NULL DEFAULT 0,
    signups INTEGER NOT NULL DEFAULT 0,
    conversions INTEGER NOT NULL DEFAULT 0,
    revenue INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, code_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX code_days_code ON code_days (code_id, day);

CREATE TABLE program_hours (
    hour INTEGER NOT NULL PRIMARY KEY,
    clicks INTEGER NOT NULL DEFAULT 0,
    unique_clicks INTEGER NOT NULL DEFAULT 0,
    signups INTEGER NOT NULL DEFAULT 0,
    conversions INTEGER NOT NULL DEFAULT 0,
    revenue INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One row per referee. Plain numbers and names, so that history outlives deleted accounts.
CREATE TABLE referrals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    referee_id INTEGER NOT NULL UNIQUE,
    referee_name TEXT NOT NULL,
    code_id INTEGER NOT NULL REFERENCES codes (id),
    referrer_id INTEGER,
    referrer_name TEXT,
    click_id INTEGER,
    signed_up_at INTEGER NOT NULL,
    converted_at INTEGER
) STRICT;
CREATE INDEX referrals_code ON referrals (code_id, signed_up_at);
CREATE INDEX referrals_referrer ON referrals (referrer_id, signed_up_at);

-- The receipt of every attribution decision.
CREATE TABLE attributions (
    user_id INTEGER NOT NULL PRIMARY KEY,
    code_id INTEGER,
    referrer_id INTEGER,
    rule TEXT NOT NULL,
    receipt TEXT NOT NULL,
    decided_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attributions_referrer ON attributions (referrer_id, decided_at);
