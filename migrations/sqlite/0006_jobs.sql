-- Work that goes on in the background. Whoever has the lease does it; after its end anybody takes the job over.
-- `lease` counts how often it was taken: what an earlier holder still tries to write is refused by it.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    -- Of the jobs of a kind with the same key one is open at most.
    unique_key TEXT,
    payload TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed')),
    -- Why the last attempt did not get through, as JSON.
    problem TEXT,
    -- Nobody takes it before.
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0 CHECK (done >= 0 AND done <= total),
    total INTEGER NOT NULL,
    lease INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0,
    actor_id INTEGER,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX jobs_open ON jobs (run_at, id) WHERE state = 'open';
CREATE UNIQUE INDEX jobs_unique ON jobs (kind, unique_key) WHERE state = 'open';
CREATE INDEX jobs_ended ON jobs (state, ended_at, id) WHERE ended_at IS NOT NULL;

-- Forms that made something, so that sending one again makes nothing again. Pruned after a day.
CREATE TABLE sent_forms (
    -- A hash of who sent it and all that it said, its own random number included.
    form BLOB NOT NULL PRIMARY KEY,
    -- The id of what it made.
    made INTEGER,
    sent_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_forms_sent_at ON sent_forms (sent_at);
