-- Personal and campaign codes. A code carries the clicks of past days (`rolled_up_*`); `codes_with_clicks` adds the days
-- since, so that a click writes no row of this table.
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
    rolled_up_clicks INTEGER NOT NULL DEFAULT 0,
    rolled_up_unique_clicks INTEGER NOT NULL DEFAULT 0,
    -- The first day, counted from 1970, whose clicks are not among them.
    rolled_up_until INTEGER NOT NULL DEFAULT 0,
    signups INTEGER NOT NULL DEFAULT 0,
    conversions INTEGER NOT NULL DEFAULT 0,
    -- The job that created it. While that job is not done, `deleted_at` is 0: nobody sees the code yet.
    job_id INTEGER,
    deleted_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK (kind = 'personal' OR owner_id IS NULL),
    CHECK (kind = 'campaign' OR beneficiary_id IS NULL)
) STRICT;
CREATE INDEX codes_beneficiary ON codes (beneficiary_id) WHERE beneficiary_id IS NOT NULL;
CREATE INDEX codes_job ON codes (job_id, id) WHERE job_id IS NOT NULL;
CREATE INDEX codes_campaigns ON codes (id) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_category ON codes (category, id) WHERE kind = 'campaign' AND deleted_at IS NULL;
CREATE INDEX codes_expires_at ON codes (COALESCE(expires_at, 9223372036854775807), id) WHERE kind = 'campaign' AND deleted_at IS NULL;

-- Codes of batches that were mailed, and to whom.
CREATE TABLE code_recipients (
    code_id INTEGER NOT NULL PRIMARY KEY REFERENCES codes (id) ON DELETE CASCADE,
    -- The job that created the code. An address gets one code of a batch.
    job_id INTEGER NOT NULL,
    -- Nothing for somebody who was erased.
    email TEXT,
    mailed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX code_recipients_email ON code_recipients (email, job_id);
CREATE INDEX code_recipients_job ON code_recipients (job_id, code_id);

-- The counters of a code by day. By day first: the rows that are written now lie side by side.
CREATE TABLE code_days (
    code_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    clicks INTEGER NOT NULL DEFAULT 0,
    unique_clicks INTEGER NOT NULL DEFAULT 0,
    signups INTEGER NOT NULL DEFAULT 0,
    conversions INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, code_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX code_days_code ON code_days (code_id, day);

CREATE TABLE program_hours (
    hour INTEGER NOT NULL PRIMARY KEY,
    clicks INTEGER NOT NULL DEFAULT 0,
    unique_clicks INTEGER NOT NULL DEFAULT 0,
    signups INTEGER NOT NULL DEFAULT 0,
    conversions INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The last day whose clicks have been added to all codes.
CREATE TABLE click_rollups (
    day INTEGER NOT NULL PRIMARY KEY
) STRICT;

CREATE VIEW codes_with_clicks AS
SELECT c.id, c.code, c.kind, c.owner_id, c.beneficiary_id, c.created_by, c.description, c.category, c.active, c.max_uses,
       c.uses, c.expires_at, c.signups, c.conversions, c.job_id, c.deleted_at, c.created_at, c.version,
       c.rolled_up_clicks + COALESCE((SELECT SUM(d.clicks) FROM code_days d WHERE d.code_id = c.id AND d.day >= c.rolled_up_until), 0) AS clicks,
       c.rolled_up_unique_clicks + COALESCE((SELECT SUM(d.unique_clicks) FROM code_days d WHERE d.code_id = c.id AND d.day >= c.rolled_up_until), 0) AS unique_clicks
FROM codes c;
