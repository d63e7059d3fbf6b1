-- Compared byte by byte, as on SQLite: the beginning of a text is a range of the index whatever language the database
-- was made for.
ALTER TABLE codes ALTER COLUMN code TYPE TEXT COLLATE "C", ALTER COLUMN category TYPE TEXT COLLATE "C";
ALTER TABLE users ALTER COLUMN email TYPE TEXT COLLATE "C", ALTER COLUMN username_key TYPE TEXT COLLATE "C";
ALTER TABLE audit ALTER COLUMN action TYPE TEXT COLLATE "C";

-- Room beside each code, so that a click rewrites its row where it stands.
ALTER TABLE codes SET (fillfactor = 80);

-- What the table of campaign codes is sorted by. Copies of the counters, which follow every few seconds: an index on
-- the counters themselves would be written with every click.
ALTER TABLE codes ADD COLUMN order_status BIGINT NOT NULL DEFAULT 0;
ALTER TABLE codes ADD COLUMN order_uses BIGINT NOT NULL DEFAULT 0;
ALTER TABLE codes ADD COLUMN order_clicks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE codes ADD COLUMN order_beneficiary TEXT COLLATE "C" NOT NULL DEFAULT '~';
UPDATE codes SET order_uses = uses, order_clicks = clicks WHERE kind = 'campaign';

-- The id as a sum: no other index then offers the same order, and a search for few among many is not taken for a walk
-- through all by id.
DROP INDEX codes_categories;
DROP INDEX codes_beneficiary;
CREATE INDEX codes_beneficiary ON codes (beneficiary_id, (id + 0));
CREATE INDEX codes_category ON codes (category, (id + 0)) WHERE kind = 'campaign' AND deleted_at IS NULL;
-- Holds all that a search by the beginning of a code reads.
CREATE INDEX codes_by_code ON codes (code, id, kind, deleted_at) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_by_end ON codes (COALESCE(expires_at, 9223372036854775807), id) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_by_status ON codes (order_status, (id + 0)) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_by_status_and_end ON codes (order_status, COALESCE(expires_at, 9223372036854775807), id) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_by_status_and_uses ON codes (order_status, order_uses, id) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_by_status_and_clicks ON codes (order_status, order_clicks, id) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_category_and_status ON codes (category, order_status) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_by_uses ON codes (order_uses, id) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_by_clicks ON codes (order_clicks, id) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_by_beneficiary ON codes (order_beneficiary, id) WHERE kind = 'campaign' AND deleted_at IS NULL;

DROP INDEX attributions_referrer;
CREATE INDEX attributions_referrer ON attributions (referrer_id, user_id) WHERE referrer_id IS NOT NULL;
CREATE INDEX attributions_code ON attributions (code_id, user_id) WHERE code_id IS NOT NULL;
CREATE INDEX attributions_rule ON attributions (rule, user_id);
CREATE INDEX attributions_credited ON attributions (user_id) WHERE rule <> 'none';
CREATE INDEX referrals_converted ON referrals (referee_id) WHERE converted_at IS NOT NULL;
