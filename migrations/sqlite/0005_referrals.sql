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
    converted_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX referrals_code ON referrals (code_id, signed_up_at);
CREATE INDEX referrals_referrer ON referrals (referrer_id, signed_up_at);
CREATE INDEX referrals_click ON referrals (click_id) WHERE click_id IS NOT NULL;
CREATE INDEX referrals_signed_up_at ON referrals (signed_up_at);
CREATE INDEX referrals_converted ON referrals (referee_id) WHERE converted_at IS NOT NULL;

-- The receipt of every attribution decision.
CREATE TABLE attributions (
    user_id INTEGER NOT NULL PRIMARY KEY,
    code_id INTEGER,
    referrer_id INTEGER,
    rule TEXT NOT NULL,
    receipt TEXT NOT NULL,
    signed_up_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attributions_referrer ON attributions (referrer_id, user_id) WHERE referrer_id IS NOT NULL;
CREATE INDEX attributions_code ON attributions (code_id, user_id) WHERE code_id IS NOT NULL;
CREATE INDEX attributions_rule ON attributions (rule, user_id);
CREATE INDEX attributions_credited ON attributions (user_id) WHERE rule <> 'none';
