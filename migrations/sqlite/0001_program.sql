-- The settings of the program, as JSON. What is not stored has its default.
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the instances of one installation share and nobody else may know.
CREATE TABLE secrets (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The numbers of running instances, held under a lease by a process with a random name. Each is part of the ids of clicks:
-- those that were made with it, and those that its holder may still make, are of times before `ids_until` (milliseconds).
CREATE TABLE instances (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number BETWEEN 0 AND 4095),
    holder INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    ids_until INTEGER NOT NULL
) STRICT;

-- One row that is written to see whether the database takes a write.
CREATE TABLE probe (
    at INTEGER NOT NULL
) STRICT;
INSERT INTO probe (at) VALUES (0);

-- Who did what to what and when. `before` and `after` are JSON objects.
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
