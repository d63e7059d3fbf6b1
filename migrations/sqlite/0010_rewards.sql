-- What people get for referrals. Every version of a rule stays, for a reward names the one that made it.
CREATE TABLE reward_rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;

-- `terms` is JSON, in the form of the API.
CREATE TABLE reward_rule_versions (
    rule_id INTEGER NOT NULL REFERENCES reward_rules (id),
    version INTEGER NOT NULL,
    terms TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (rule_id, version)
) STRICT, WITHOUT ROWID;

-- What one rule gave one person on one occasion, or the choice between the rules of a group. Plain numbers for people, so
-- that history outlives deleted accounts. The amounts are sums of its transfers.
CREATE TABLE rewards (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rule_id INTEGER NOT NULL REFERENCES reward_rules (id),
    rule_version INTEGER NOT NULL,
    -- `rule:ID`, or `group:NAME` for a choice.
    granted_by TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    recipient TEXT NOT NULL CHECK (recipient IN ('referrer', 'referee')),
    -- `signup:USER`, `first:USER` or `payment:PAYMENT`, by who was brought; `milestone:FRIENDS`.
    occasion TEXT NOT NULL,
    referee_id INTEGER NOT NULL,
    referral_id INTEGER,
    referrer_id INTEGER,
    payment_id INTEGER REFERENCES payments (id),
    -- The choice that it was picked from.
    choice_id INTEGER REFERENCES rewards (id),
    -- What can be picked, as JSON; empty for what is no choice.
    options TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT,
    currency TEXT,
    description TEXT NOT NULL,
    granted INTEGER NOT NULL CHECK (granted > 0),
    issued INTEGER NOT NULL,
    pending INTEGER NOT NULL CHECK (pending >= 0),
    available INTEGER NOT NULL,
    redeemed INTEGER NOT NULL CHECK (redeemed >= 0),
    expired INTEGER NOT NULL CHECK (expired >= 0),
    void INTEGER NOT NULL CHECK (void >= 0),
    settled INTEGER NOT NULL CHECK (settled >= 0),
    -- What stands whatever is taken back, because nobody is asked for it.
    spared INTEGER NOT NULL CHECK (spared >= 0),
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'redeemed', 'expired', 'voided', 'reversed')),
    frozen_at INTEGER,
    hold_until INTEGER NOT NULL,
    needs_approval INTEGER NOT NULL CHECK (needs_approval IN (0, 1)),
    approved_at INTEGER,
    activated_at INTEGER,
    valid_days INTEGER,
    valid_from INTEGER,
    valid_until INTEGER,
    redeemed_at INTEGER,
    -- The host product's name of the redemption, or the option that was picked.
    redeemed_as TEXT,
    delivery TEXT NOT NULL CHECK (delivery IN ('none', 'waiting', 'delivered', 'failed')),
    -- A person has ended it.
    cancelled_at INTEGER,
    reason TEXT,
    note TEXT,
    happened_at INTEGER NOT NULL,
    -- When its next step comes by itself.
    due_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (granted_by, user_id, occasion)
) STRICT;
CREATE INDEX rewards_user ON rewards (user_id, id);
CREATE INDEX rewards_referee ON rewards (referee_id);
CREATE INDEX rewards_state ON rewards (state, id);
CREATE INDEX rewards_kind ON rewards (kind, id);
CREATE INDEX rewards_rule ON rewards (rule_id, referrer_id, created_at, id);
CREATE INDEX rewards_rule_id ON rewards (rule_id, id);
CREATE INDEX rewards_choice ON rewards (choice_id) WHERE choice_id IS NOT NULL;
CREATE INDEX rewards_due ON rewards (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX rewards_undelivered ON rewards (delivery, id) WHERE delivery IN ('waiting', 'failed');
CREATE INDEX rewards_owed ON rewards (id) WHERE available < 0;
CREATE INDEX rewards_frozen ON rewards (id) WHERE frozen_at IS NOT NULL;
CREATE INDEX rewards_unapproved ON rewards (id) WHERE state = 'pending' AND needs_approval AND approved_at IS NULL;
CREATE INDEX rewards_payment ON rewards (payment_id) WHERE payment_id IS NOT NULL;

-- Rewards that were not given when their occasion came: they never come later.
CREATE TABLE reward_refusals (
    granted_by TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    occasion TEXT NOT NULL,
    referee_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    refused_at INTEGER NOT NULL,
    PRIMARY KEY (granted_by, user_id, occasion)
) STRICT, WITHOUT ROWID;
CREATE INDEX reward_refusals_referee ON reward_refusals (referee_id);
CREATE INDEX reward_refusals_user ON reward_refusals (user_id, occasion);

-- A use of a balance, which takes from one or more rewards.
CREATE TABLE reward_uses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    source_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT,
    currency TEXT,
    amount INTEGER NOT NULL CHECK (amount > 0),
    used_at INTEGER NOT NULL,
    UNIQUE (user_id, source_id)
) STRICT;

-- The ledger: every movement of a reward's amount, never edited or deleted.
CREATE TABLE reward_transfers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    reward_id INTEGER NOT NULL REFERENCES rewards (id),
    from_place TEXT NOT NULL,
    to_place TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    cause TEXT NOT NULL,
    use_id INTEGER REFERENCES reward_uses (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX reward_transfers_reward ON reward_transfers (reward_id);
CREATE INDEX reward_transfers_use ON reward_transfers (use_id) WHERE use_id IS NOT NULL;

-- Since when another code is credited for a referee: their rewards follow the rules of then.
ALTER TABLE referrals ADD COLUMN corrected_at INTEGER;

-- The friends of somebody who have paid, in their order: which of them reached a milestone.
CREATE INDEX referrals_referrer_converted ON referrals (referrer_id, converted_at) WHERE converted_at IS NOT NULL;

-- Whether the payment may earn rewards: what a file brings does not unless asked to.
ALTER TABLE payments ADD COLUMN earns INTEGER NOT NULL DEFAULT 1 CHECK (earns IN (0, 1));

-- What happened to a reward.
CREATE INDEX events_object ON events (object_id, type);

-- Who did what to a reward.
CREATE INDEX audit_target ON audit (target_kind, target_id);
