//! Events on their way to endpoints: who takes them, and how they end.

use crate::{
    domain::{
        events::EventKind,
        ids::{EventId, RewardId, UserId, WebhookDeliveryId, WebhookEndpointId},
        time::{DAY, Time},
        webhooks::delivery::{AttemptProblem, DeliveryState, TEST_EVENT},
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use sqlx::QueryBuilder;

/// How long deliveries are kept, in milliseconds.
pub const RETENTION: i64 = 30 * DAY;

/// Events that deliveries are made of in one transaction.
const FAN_OUT: i64 = 500;

/// A delivery that somebody has taken.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Taken {
    pub id: WebhookDeliveryId,
    pub endpoint_id: WebhookEndpointId,
    pub event_id: Option<EventId>,
    pub message_id: String,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub object_id: i64,
    pub version: i64,
    /// The object as JSON text.
    pub data: String,
    pub occurred_at: Time,
    /// Counted with the attempt that it was taken for.
    pub attempts: i64,
    pub tries: i64,
    pub lease: i64,
}

/// Makes deliveries of events `e` for endpoints `w`; the two times and what they are read from come after it.
const INSERT: &str =
    "INSERT INTO webhook_deliveries (endpoint_id, event_id, message_id, type, object_id, version, data, user_id,
                                     occurred_at, next_at, created_at)
     SELECT w.id, e.id, 'evt_' || e.id, e.type, e.object_id, e.version, e.data, e.user_id, e.created_at, ";

/// Whether an endpoint `w` gets an event `e`.
fn wanted(tx: &Tx) -> &'static str {
    tx.dialect(
        "EXISTS (SELECT 1 FROM json_each(w.events) f WHERE f.value IN ('*', e.type))",
        "EXISTS (SELECT 1 FROM json_array_elements_text(w.events::json) f (value) WHERE f.value IN ('*', e.type))",
    )
}

/// Makes deliveries of the events after one for all active endpoints that want them; of the last one it was done for,
/// nothing when there are none. The caller holds the endpoints.
pub async fn fan_out(tx: &mut Tx, after: EventId, now: Time) -> sqlx::Result<Option<EventId>> {
    let upto: Option<EventId> = with_conn!(&mut *tx, conn => sqlx::query_scalar(
        "SELECT MAX(id) FROM (SELECT id FROM events WHERE id > $1 ORDER BY id LIMIT $2) x")
        .bind(after)
        .bind(FAN_OUT)
        .fetch_one(conn).await)?;
    let Some(upto) = upto else { return Ok(None) };
    let wanted = wanted(tx);
    with_conn!(&mut *tx, conn => QueryBuilder::new(INSERT)
        .push_bind(now).push(", ").push_bind(now)
        .push(" FROM webhook_endpoints w JOIN events e ON e.id > w.after_event AND e.id <= ").push_bind(upto)
        .push(" WHERE w.active AND ").push(wanted)
        .push(" ORDER BY e.id, w.id ON CONFLICT DO NOTHING")
        .build()
        .execute(conn).await.map(|_| ()))?;
    Ok(Some(upto))
}

/// Makes a delivery that tries an endpoint.
pub async fn insert_test(
    tx: &mut Tx,
    endpoint: WebhookEndpointId,
    message_id: &str,
    data: &str,
    now: Time,
) -> sqlx::Result<WebhookDeliveryId> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO webhook_deliveries (endpoint_id, message_id, type, object_id, version, data, occurred_at, next_at,
                                         created_at)
         VALUES ($1, $2, $3, 0, 1, $4, $5, $5, $5)
         RETURNING id")
        .bind(endpoint)
        .bind(message_id)
        .bind(TEST_EVENT)
        .bind(data)
        .bind(now)
        .fetch_one(conn).await)
}

/// Which events are sent again: those after one, up to one, from an instant on, up to an instant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Range {
    pub after: Option<EventId>,
    pub upto: Option<EventId>,
    pub since: Option<Time>,
    pub until: Option<Time>,
}

/// Sends up to `limit` events of a range to an endpoint that wants them, whether they were sent to it before or not;
/// how many they are.
pub async fn replay(
    tx: &mut Tx,
    endpoint: WebhookEndpointId,
    range: Range,
    limit: i64,
    now: Time,
) -> sqlx::Result<i64> {
    let wanted = wanted(tx);
    with_conn!(tx, conn => QueryBuilder::new(INSERT)
        .push_bind(now).push(", ").push_bind(now)
        .push(" FROM webhook_endpoints w JOIN events e ON e.id > ").push_bind(range.after.unwrap_or(EventId(0)))
        .push(" AND e.id <= ").push_bind(range.upto.unwrap_or(EventId(i64::MAX)))
        .push(" AND e.created_at >= ").push_bind(range.since.unwrap_or_default())
        .push(" AND e.created_at <= ").push_bind(range.until.unwrap_or(Time(i64::MAX)))
        // What was not sent to it yet will be.
        .push(" AND e.id <= w.after_event WHERE w.id = ").push_bind(endpoint)
        .push(" AND ").push(wanted)
        .push(" ORDER BY e.id LIMIT ").push_bind(limit)
        .push(" ON CONFLICT (endpoint_id, event_id) DO UPDATE
                SET state = 'waiting', tries = 0, lease = webhook_deliveries.lease + 1, ended_at = NULL,
                    next_at = excluded.next_at")
        .build()
        .execute(conn).await.map(|done| i64::try_from(done.rows_affected()).unwrap_or(i64::MAX)))
}

/// Sends a delivery once more, from now on as if it was new; `false` when there is none.
pub async fn send_again(tx: &mut Tx, id: WebhookDeliveryId, now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE webhook_deliveries
         SET state = 'waiting', tries = 0, lease = lease + 1, ended_at = NULL, next_at = $2
         WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Takes up to `limit` deliveries of an endpoint that are due, the longest due first, until an instant. Whoever asks at
/// once gets different ones.
pub async fn take(
    tx: &mut Tx,
    endpoint: WebhookEndpointId,
    limit: i64,
    now: Time,
    until: Time,
) -> sqlx::Result<Vec<Taken>> {
    let lock = tx.dialect("", " FOR UPDATE SKIP LOCKED");
    // PostgreSQL may run a subquery several times, and pass over other rows each time: apart it is run once.
    with_conn!(tx, conn => QueryBuilder::new(
        "WITH due AS MATERIALIZED (SELECT id FROM webhook_deliveries WHERE endpoint_id = ")
        .push_bind(endpoint)
        .push(" AND state = 'waiting' AND next_at <= ")
        .push_bind(now)
        .push(" ORDER BY next_at, id LIMIT ")
        .push_bind(limit)
        .push(lock)
        .push(
            ") UPDATE webhook_deliveries SET lease = lease + 1, attempts = attempts + 1, tries = tries + 1, next_at = ")
        .push_bind(until)
        .push(
            " WHERE id IN (SELECT id FROM due)
              RETURNING id, endpoint_id, event_id, message_id, type, object_id, version, data, occurred_at, attempts,
                        tries, lease")
        .build_query_as()
        .fetch_all(conn).await)
}

/// How a delivery goes on after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It waits until then.
    Try(Time),
    /// It has ended so.
    End(DeliveryState),
}

/// Lets a delivery go; `false` when somebody else has it by now, or it was sent again.
pub async fn settle(tx: &mut Tx, taken: &Taken, next: Next, now: Time) -> sqlx::Result<bool> {
    let (state, next_at, ended_at) = match next {
        Next::Try(at) => (DeliveryState::Waiting, at, None),
        Next::End(state) => (state, now, Some(now)),
    };
    with_conn!(tx, conn => sqlx::query(
        "UPDATE webhook_deliveries
         SET state = $3, next_at = $4, ended_at = $5
         WHERE id = $1
           AND lease = $2
           AND state = 'waiting'")
        .bind(taken.id)
        .bind(taken.lease)
        .bind(state)
        .bind(next_at)
        .bind(ended_at)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// An attempt as it is kept.
#[derive(Clone, Debug)]
pub struct NewAttempt<'a> {
    pub at: Time,
    pub duration_ms: i64,
    pub status: Option<i64>,
    pub response: &'a str,
    pub problem: Option<AttemptProblem>,
}

/// Keeps an attempt, unless its delivery is gone. Somebody may have been forgotten meanwhile whom the answer names:
/// then only its status is kept.
pub async fn insert_attempt(tx: &mut Tx, taken: &Taken, new: &NewAttempt<'_>) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO webhook_attempts (delivery_id, number, at, duration_ms, status, response, problem)
         SELECT id, $2, $3, $4, $5, CASE WHEN data = $8 THEN $6 ELSE '' END, $7
         FROM webhook_deliveries
         WHERE id = $1
         ON CONFLICT DO NOTHING")
        .bind(taken.id)
        .bind(taken.attempts)
        .bind(new.at)
        .bind(new.duration_ms)
        .bind(new.status)
        .bind(new.response)
        .bind(new.problem)
        .bind(&taken.data)
        .execute(conn).await.map(|_| ()))
}

/// Those of these rewards whose activation has arrived, or is on its way to an active endpoint.
pub async fn underway(tx: &mut Tx, rewards: &[RewardId]) -> sqlx::Result<Vec<RewardId>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new(
        "SELECT DISTINCT d.object_id
         FROM webhook_deliveries d
         JOIN webhook_endpoints w ON w.id = d.endpoint_id
         WHERE (d.state = 'delivered' OR (d.state = 'waiting' AND w.active))
           AND d.type = ")
        .push_bind(EventKind::RewardActivated.as_str())
        .push(" AND d.object_id IN ")
        .push(before)
        .push_bind(json(rewards))
        .push(after)
        .build_query_scalar()
        .fetch_all(conn).await)
}

/// The rewards whose activation waits for an endpoint.
pub async fn waiting_rewards(tx: &mut Tx, endpoint: WebhookEndpointId) -> sqlx::Result<Vec<RewardId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT DISTINCT object_id
         FROM webhook_deliveries
         WHERE endpoint_id = $1
           AND state = 'waiting'
           AND type = $2
         ORDER BY object_id")
        .bind(endpoint)
        .bind(EventKind::RewardActivated.as_str())
        .fetch_all(conn).await)
}

/// Up to `limit` rewards that wait to be delivered though their activation is on its way to no active endpoint, and
/// will be to none: all that want it are past it.
pub async fn lost_rewards(tx: &mut Tx, limit: i64) -> sqlx::Result<Vec<RewardId>> {
    let wanted = wanted(tx);
    let kind = EventKind::RewardActivated.as_str();
    with_conn!(tx, conn => QueryBuilder::new(
        "SELECT r.id
         FROM rewards r
         WHERE r.delivery IN ('waiting', 'failed') AND r.delivery = 'waiting'
           AND NOT EXISTS (SELECT 1
                           FROM webhook_deliveries d
                           JOIN webhook_endpoints w ON w.id = d.endpoint_id
                           WHERE (d.state = 'delivered' OR (d.state = 'waiting' AND w.active))
                             AND d.object_id = r.id AND d.type = ")
        .push_bind(kind)
        .push(") AND NOT EXISTS (SELECT 1
                                 FROM events e
                                 JOIN webhook_endpoints w ON w.active AND e.id > w.after_event
                                 WHERE e.object_id = r.id AND e.type = ")
        .push_bind(kind)
        .push(" AND ").push(wanted)
        .push(") ORDER BY r.id LIMIT ")
        .push_bind(limit)
        .build_query_scalar()
        .fetch_all(conn).await)
}

/// Takes somebody who is to be forgotten out of all deliveries, as out of events.
pub async fn forget(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    let sql = tx.dialect(
        "UPDATE webhook_deliveries
         SET data = json_replace(data, '$.email', NULL, '$.username', NULL, '$.full_name', NULL, '$.phone', NULL,
                                 '$.external_id', NULL, '$.account_id', NULL)
         WHERE user_id = $1",
        "UPDATE webhook_deliveries
         SET data = (SELECT json_object_agg(key, CASE WHEN key NOT IN ('email', 'username', 'full_name', 'phone',
                                                                       'external_id', 'account_id') THEN value END)
                     FROM json_each(data::json))
         WHERE user_id = $1",
    );
    with_conn!(tx, conn => {
        // An endpoint may have answered with what it was sent.
        sqlx::query(
            "UPDATE webhook_attempts
             SET response = ''
             WHERE delivery_id IN (SELECT id FROM webhook_deliveries WHERE user_id = $1)")
            .bind(user)
            .execute(&mut *conn).await?;
        sqlx::query(sql).bind(user).execute(conn).await.map(|_| ())
    })
}

/// Removes deliveries from before `oldest`.
pub async fn prune(tx: &mut Tx, oldest: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM webhook_deliveries WHERE created_at < $1")
        .bind(oldest)
        .execute(conn).await.map(|_| ()))
}
