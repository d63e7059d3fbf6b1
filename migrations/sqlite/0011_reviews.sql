-- Where people signed up from; kept for 30 days.
CREATE TABLE sign_up_origins (
    user_id INTEGER NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    network TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_up_origins_network ON sign_up_origins (network, at);
CREATE INDEX sign_up_origins_at ON sign_up_origins (at);

-- Referrals that looked wrong when they were made, one row per referee. While a row has no decision that has taken effect,
-- the rewards for its referral wait. Plain numbers for people, so that history outlives deleted accounts.
CREATE TABLE reviews (
    referee_id INTEGER NOT NULL PRIMARY KEY,
    referrer_id INTEGER,
    code_id INTEGER NOT NULL REFERENCES codes (id),
    -- What looked wrong, as JSON.
    signs TEXT NOT NULL,
    -- Where the referee signed up from; forgotten with them.
    network TEXT,
    user_agent TEXT,
    opened_at INTEGER NOT NULL,
    decision TEXT CHECK (decision IN ('approved', 'rejected', 'corrected')),
    reason TEXT,
    decided_by INTEGER,
    decided_at INTEGER,
    -- When the decision took effect.
    closed_at INTEGER,
    CHECK ((decision IS NULL) = (decided_at IS NULL))
) STRICT;
CREATE INDEX reviews_open ON reviews (opened_at, referee_id) WHERE closed_at IS NULL;
CREATE INDEX reviews_closed ON reviews (closed_at, referee_id) WHERE closed_at IS NOT NULL;
CREATE INDEX reviews_decided ON reviews (decided_at) WHERE closed_at IS NULL AND decided_at IS NOT NULL;
CREATE INDEX reviews_referrer ON reviews (referrer_id, referee_id) WHERE closed_at IS NULL;
