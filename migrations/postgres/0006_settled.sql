-- A click writes its row, its day and its hour, and nothing else: a code carries the clicks of days that are settled, a
-- job adds a day when it is two days old, and the view adds the days since.
ALTER TABLE codes RENAME COLUMN clicks TO settled_clicks;
ALTER TABLE codes RENAME COLUMN unique_clicks TO settled_unique_clicks;
-- The first day, counted from 1970, that is not among them.
ALTER TABLE codes ADD COLUMN settled_day BIGINT NOT NULL DEFAULT 0;

CREATE TABLE settled_days (
    day BIGINT NOT NULL PRIMARY KEY
);

CREATE VIEW counted_codes AS
SELECT c.*,
       c.settled_clicks + CAST(COALESCE((SELECT SUM(d.clicks) FROM code_days d WHERE d.code_id = c.id AND d.day >= c.settled_day), 0) AS BIGINT) AS clicks,
       c.settled_unique_clicks + CAST(COALESCE((SELECT SUM(d.unique_clicks) FROM code_days d WHERE d.code_id = c.id AND d.day >= c.settled_day), 0) AS BIGINT) AS unique_clicks
FROM codes c;
