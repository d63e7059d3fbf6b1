-- Money that one person paid once. What is derived here follows from the facts and from whose payment it is.
CREATE TABLE payments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Who has paid. A plain number, so that history outlives deleted accounts.
    user_id INTEGER,
    -- The clue that named them: only a stronger one is believed instead.
    known_by TEXT,
    state TEXT NOT NULL CHECK (state IN ('incomplete', 'parked', 'counted', 'disputed', 'refunded', 'duplicate')),
    -- Why it counts nowhere.
    parked_because TEXT CHECK (parked_because IN ('payment_missing', 'unconfirmed', 'unknown_person', 'no_referral', 'before_sign_up', 'too_late')),
    -- Who told best what was paid.
    source TEXT CHECK (source IN ('stripe', 'api', 'hand', 'import')),
    source_id TEXT,
    amount INTEGER NOT NULL CHECK (amount >= 0),
    net_amount INTEGER NOT NULL CHECK (net_amount BETWEEN 0 AND amount),
    currency TEXT,
    refunded INTEGER NOT NULL CHECK (refunded >= 0),
    disputed INTEGER NOT NULL CHECK (disputed IN (0, 1)),
    -- What is counted for the code that is credited, at the time of the payment.
    code_id INTEGER REFERENCES codes (id),
    revenue INTEGER NOT NULL CHECK (revenue BETWEEN 0 AND net_amount),
    occurred_at INTEGER NOT NULL,
    product TEXT,
    period_start INTEGER,
    livemode INTEGER NOT NULL CHECK (livemode IN (0, 1)),
    -- Whether its revenue is counted with tax, as the program's settings said when it was first recorded.
    gross INTEGER NOT NULL CHECK (gross IN (0, 1)),
    -- Whether it counted before, so that it never comes too late.
    taken_up INTEGER NOT NULL CHECK (taken_up IN (0, 1)),
    -- The payment that it turned out to be the same as.
    duplicate_of INTEGER REFERENCES payments (id),
    recorded_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX payments_user ON payments (user_id, occurred_at) WHERE user_id IS NOT NULL;
CREATE INDEX payments_state ON payments (state, id);
CREATE INDEX payments_code ON payments (code_id) WHERE code_id IS NOT NULL;
CREATE INDEX payments_duplicate ON payments (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX payments_waiting ON payments (recorded_at) WHERE state IN ('incomplete', 'parked');

-- The names of payments. No two payments share one.
CREATE TABLE payment_refs (
    provider TEXT NOT NULL CHECK (provider IN ('stripe', 'host')),
    reference TEXT NOT NULL,
    payment_id INTEGER NOT NULL REFERENCES payments (id),
    PRIMARY KEY (provider, reference)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_refs_payment ON payment_refs (payment_id);

-- Who has paid, in every way that messages have named them.
CREATE TABLE payment_clues (
    payment_id INTEGER NOT NULL REFERENCES payments (id),
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (payment_id, kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_clues_value ON payment_clues (value, kind);

-- Whom a provider's customer is known to be, and by how strong a clue.
CREATE TABLE payment_customers (
    customer TEXT NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    known_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_customers_user ON payment_customers (user_id);

-- What is known of payments: never edited to fit, only joined with what is told later. `details` is JSON.
CREATE TABLE payment_facts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    payment_id INTEGER NOT NULL REFERENCES payments (id),
    kind TEXT NOT NULL,
    provider TEXT NOT NULL,
    key TEXT NOT NULL,
    source TEXT NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT,
    state TEXT,
    at INTEGER NOT NULL,
    details TEXT,
    told_at INTEGER NOT NULL,
    UNIQUE (payment_id, kind, provider, key)
) STRICT;

-- Messages of providers by their id: one that comes again does nothing again. `said` is what was understood, as JSON.
CREATE TABLE provider_events (
    provider TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    payment_id INTEGER REFERENCES payments (id),
    outcome TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (provider, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_events_payment ON provider_events (payment_id) WHERE payment_id IS NOT NULL;

-- Revenue per currency: of each code in all, by day, and of the program by hour.
CREATE TABLE code_revenue (
    code_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    revenue INTEGER NOT NULL,
    PRIMARY KEY (code_id, currency)
) STRICT, WITHOUT ROWID;
CREATE TABLE code_day_revenue (
    code_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    currency TEXT NOT NULL,
    revenue INTEGER NOT NULL,
    PRIMARY KEY (code_id, day, currency)
) STRICT, WITHOUT ROWID;
CREATE TABLE program_hour_revenue (
    hour INTEGER NOT NULL,
    currency TEXT NOT NULL,
    revenue INTEGER NOT NULL,
    PRIMARY KEY (hour, currency)
) STRICT, WITHOUT ROWID;
