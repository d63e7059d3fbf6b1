-- Where events are sent to.
CREATE TABLE webhook_endpoints (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    -- The types of events that it gets, as a JSON list; ["*"] for all.
    events TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    -- Since when it is off because it answered that it is gone.
    gone_at INTEGER,
    -- Since when a delivery has been given up, with none delivered afterwards.
    failing_since INTEGER,
    secret TEXT NOT NULL,
    -- The secret before, which signs as well for a while.
    old_secret TEXT,
    old_secret_until INTEGER,
    -- Deliveries are made of all events up to this one.
    after_event INTEGER NOT NULL,
    -- It asked not to be called before.
    not_before INTEGER NOT NULL DEFAULT 0,
    last_attempt_at INTEGER,
    last_status INTEGER,
    last_problem TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- An event on its way to an endpoint. Pruned after 30 days, as events are.
CREATE TABLE webhook_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    endpoint_id INTEGER NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    -- The event; nothing for a test.
    event_id INTEGER,
    -- The same for each attempt.
    message_id TEXT NOT NULL,
    type TEXT NOT NULL,
    object_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    -- The object as JSON, as the event shows it.
    data TEXT NOT NULL,
    -- Whom it is about, for when they are forgotten.
    user_id INTEGER,
    occurred_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    -- All attempts, and those since it was sent or sent again, by which the next wait is chosen.
    attempts INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    -- Nobody takes it before. Whoever takes it moves this on, so that it is taken again if they die.
    next_at INTEGER NOT NULL,
    -- How often it was taken or sent again: what an earlier holder still tries to write is refused by it.
    lease INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX webhook_deliveries_event ON webhook_deliveries (endpoint_id, event_id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_endpoint_state ON webhook_deliveries (endpoint_id, state, id);
CREATE INDEX webhook_deliveries_state ON webhook_deliveries (state, id);
CREATE INDEX webhook_deliveries_object ON webhook_deliveries (type, object_id);
CREATE INDEX webhook_deliveries_user ON webhook_deliveries (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX webhook_deliveries_created_at ON webhook_deliveries (created_at);

-- Each attempt to deliver, and the answer.
CREATE TABLE webhook_attempts (
    delivery_id INTEGER NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    -- Nothing when there was no answer.
    status INTEGER,
    -- The beginning of the answer's body.
    response TEXT NOT NULL,
    -- Why it is no delivery; nothing for one.
    problem TEXT,
    PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;
