-- What happened that a host product cares about. A number that is larger is never seen before one that is smaller.
-- Pruned after 30 days.
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL,
    object_id INTEGER NOT NULL,
    -- Of the object, as `data` shows it.
    version INTEGER NOT NULL,
    -- The object as JSON, in the form of the API.
    data TEXT NOT NULL,
    -- Whom it is about, for when they are forgotten.
    user_id INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_type ON events (type, id);
CREATE INDEX events_user ON events (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX events_created_at ON events (created_at);
