-- One row for every recorded visit by a link. Above its lowest 20 bits the id carries a time in milliseconds that only
-- grows, also when the clock goes back; when the visit was is `at`.
CREATE TABLE clicks (
    id BIGINT PRIMARY KEY,
    code_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    visitor BIGINT NOT NULL,
    network TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    referring_host TEXT,
    channel TEXT,
    counted BOOLEAN NOT NULL,
    first BOOLEAN NOT NULL,
    suspicion TEXT,
    -- The ids of the clicks that the browser's cookie held before, as a JSON list.
    earlier TEXT
) PARTITION BY RANGE (id);
CREATE TABLE clicks_rest PARTITION OF clicks DEFAULT;

-- The counted clicks of a code by day and channel; those of no channel are `direct`. Found by way of `code_days`, which has
-- a row for each of these days, so that it needs no second index.
CREATE TABLE code_channel_days (
    code_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    clicks BIGINT NOT NULL,
    PRIMARY KEY (day, code_id, channel)
);
-- Room beside each row, so that a click rewrites it where it stands.
ALTER TABLE code_channel_days SET (fillfactor = 60);

-- What visitors without a cookie are hashed with; forgotten with the day.
CREATE TABLE visitor_salts (
    day BIGINT NOT NULL PRIMARY KEY,
    salt BYTEA NOT NULL
);

-- Whom each batch of clicks has counted: code, visitor, click, time and network of each. Batches are numbered without a gap, so that
-- an instance knows whether others have counted somebody whom it has not heard of, and a visitor counts once per code and
-- hour. Pruned after two hours. Unlogged: after a crash instances read the clicks themselves, as at their start. SQLite
-- has one instance, and its memory does all of it.
CREATE UNLOGGED TABLE click_batches (
    number BIGINT NOT NULL PRIMARY KEY,
    hour BIGINT NOT NULL,
    counted BIGINT[] NOT NULL
);
-- Random numbers do not compress, and a row that fits into its page costs least there. Nothing is ever planned by what
-- stands in these lists, and to analyse them takes half a second of processor time.
ALTER TABLE click_batches
    ALTER COLUMN counted SET STORAGE EXTERNAL,
    ALTER COLUMN counted SET STATISTICS 0,
    SET (toast_tuple_target = 8160);
