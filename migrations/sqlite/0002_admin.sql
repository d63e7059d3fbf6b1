-- Who did what to what and when.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor_id INTEGER,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id INTEGER,
    target TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;
CREATE INDEX audit_action ON audit (action, id);

CREATE INDEX codes_campaigns ON codes (id) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_categories ON codes (category) WHERE category IS NOT NULL;
CREATE INDEX referrals_signed_up_at ON referrals (signed_up_at);
