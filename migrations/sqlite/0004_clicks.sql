-- One row for every recorded visit by a link. Above its lowest 20 bits the id carries a time in milliseconds that only
-- grows, also when the clock goes back; when the visit was is `at`.
CREATE TABLE clicks (
    id INTEGER PRIMARY KEY,
    code_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    visitor INTEGER NOT NULL,
    network TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    referring_host TEXT,
    channel TEXT,
    counted INTEGER NOT NULL,
    first INTEGER NOT NULL,
    suspicion TEXT,
    -- The ids of the clicks that the browser's cookie held before, as a JSON list.
    earlier TEXT
) STRICT;

-- The counted clicks of a code by day and channel; those of no channel are `direct`. Found by way of `code_days`, which has
-- a row for each of these days, so that it needs no second index.
CREATE TABLE code_channel_days (
    code_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    channel TEXT NOT NULL,
    clicks INTEGER NOT NULL,
    PRIMARY KEY (day, code_id, channel)
) STRICT, WITHOUT ROWID;

-- What visitors without a cookie are hashed with; forgotten with the day.
CREATE TABLE visitor_salts (
    day INTEGER NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL
) STRICT;
