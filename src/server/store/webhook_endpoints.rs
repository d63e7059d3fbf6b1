//! Endpoints that events are sent to.

use crate::{
    domain::{
        events::EventKind,
        ids::{EventId, WebhookEndpointId},
        time::Time,
        webhooks::{
            delivery::AttemptProblem,
            endpoint::{EndpointTerms, EventFilter, WebhookSecret},
        },
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
    view_models::webhooks::WebhookEndpoint,
};
use sqlx::QueryBuilder;

/// What a delivery is sent by.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Destination {
    pub url: String,
    pub secret: WebhookSecret,
    pub old_secret: Option<WebhookSecret>,
    pub old_secret_until: Option<Time>,
}

const SELECT: &str = "SELECT w.id, w.url, w.description, w.events, w.active, w.gone_at, w.failing_since, w.old_secret_until,
       w.last_attempt_at, w.last_status, w.last_problem, w.created_at, w.version,
       (SELECT COUNT(*)
        FROM (SELECT 1 FROM webhook_deliveries d WHERE d.endpoint_id = w.id AND d.state = 'waiting' LIMIT 1000) x) AS waiting,
       (SELECT COUNT(*)
        FROM (SELECT 1 FROM webhook_deliveries d WHERE d.endpoint_id = w.id AND d.state = 'failed' LIMIT 1000) x) AS failed
FROM webhook_endpoints w ";

/// Keeps a new endpoint. It gets the events from now on.
pub async fn insert(
    tx: &mut Tx,
    terms: &EndpointTerms,
    secret: &WebhookSecret,
    now: Time,
) -> sqlx::Result<WebhookEndpointId> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO webhook_endpoints (url, description, events, active, secret, after_event, created_at)
         VALUES ($1, $2, $3, $4, $5, (SELECT COALESCE(MAX(id), 0) FROM events), $6)
         RETURNING id")
        .bind(&terms.url)
        .bind(&terms.description)
        .bind(json(&terms.events))
        .bind(terms.active)
        .bind(secret)
        .bind(now)
        .fetch_one(conn).await)
}

/// All of them, in the order in which they were made.
pub async fn all(tx: &mut Tx) -> sqlx::Result<Vec<WebhookEndpoint>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT).push("ORDER BY w.id").build_query_as().fetch_all(conn).await)
}

pub async fn by_id(tx: &mut Tx, id: WebhookEndpointId) -> sqlx::Result<Option<WebhookEndpoint>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE w.id = ")
        .push_bind(id)
        .build_query_as()
        .fetch_optional(conn).await)
}

/// Holds an endpoint until the end of the transaction; `false` when there is none.
pub async fn lock(tx: &mut Tx, id: WebhookEndpointId) -> sqlx::Result<bool> {
    let lock = tx.dialect("", " FOR UPDATE");
    let found: Option<WebhookEndpointId> = with_conn!(tx, conn => QueryBuilder::new("SELECT id FROM webhook_endpoints WHERE id = ")
        .push_bind(id)
        .push(lock)
        .build_query_scalar()
        .fetch_optional(conn).await)?;
    Ok(found.is_some())
}

/// How many there are.
pub async fn count(tx: &mut Tx) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM webhook_endpoints").fetch_one(conn).await)
}

/// Whether an active endpoint gets events of this kind.
pub async fn any_takes(tx: &mut Tx, kind: EventKind) -> sqlx::Result<bool> {
    let filters: Vec<String> = with_conn!(tx, conn => sqlx::query_scalar("SELECT events FROM webhook_endpoints WHERE active")
        .fetch_all(conn).await)?;
    Ok(filters.into_iter().any(|events| EventFilter::from(events).takes(kind)))
}

/// Gives an endpoint its new terms. One that is switched on gets the events from now on and has a clean slate.
pub async fn update(tx: &mut Tx, id: WebhookEndpointId, terms: &EndpointTerms) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE webhook_endpoints
         SET url = $2, description = $3, events = $4, active = $5, version = version + 1,
             gone_at = CASE WHEN $5 THEN NULL ELSE gone_at END,
             failing_since = CASE WHEN active THEN failing_since END,
             not_before = CASE WHEN active THEN not_before ELSE 0 END,
             after_event = CASE WHEN active OR NOT $5 THEN after_event
                                ELSE (SELECT COALESCE(MAX(id), 0) FROM events) END
         WHERE id = $1")
        .bind(id)
        .bind(&terms.url)
        .bind(&terms.description)
        .bind(json(&terms.events))
        .bind(terms.active)
        .execute(conn).await.map(|_| ()))
}

/// Gives an endpoint another secret. The one that it has signs as well until an instant.
pub async fn rotate(tx: &mut Tx, id: WebhookEndpointId, secret: &WebhookSecret, until: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE webhook_endpoints
         SET old_secret = secret, old_secret_until = $3, secret = $2, version = version + 1
         WHERE id = $1")
        .bind(id)
        .bind(secret)
        .bind(until)
        .execute(conn).await.map(|_| ()))
}

/// Deletes an endpoint with all its deliveries.
pub async fn delete(tx: &mut Tx, id: WebhookEndpointId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM webhook_endpoints WHERE id = $1").bind(id).execute(conn).await.map(|_| ()))
}

/// Where a delivery goes and what signs it.
pub async fn destination(tx: &mut Tx, id: WebhookEndpointId) -> sqlx::Result<Option<Destination>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT url, secret, old_secret, old_secret_until FROM webhook_endpoints WHERE id = $1")
        .bind(id)
        .fetch_optional(conn).await)
}

/// What an attempt has shown about an endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub status: Option<i64>,
    pub problem: Option<AttemptProblem>,
    /// Whether its delivery was given up.
    pub given_up: bool,
    /// It asked not to be called before.
    pub not_before: Option<Time>,
    pub at: Time,
}

/// Notes what an attempt has shown about an endpoint. One that is gone is switched off.
pub async fn note_attempt(tx: &mut Tx, id: WebhookEndpointId, seen: &Seen) -> sqlx::Result<()> {
    let gone = seen.problem == Some(AttemptProblem::Gone);
    with_conn!(tx, conn => sqlx::query(
        "UPDATE webhook_endpoints
         SET last_attempt_at = $2, last_status = $3, last_problem = $4,
             failing_since = CASE WHEN $5 THEN NULL WHEN $6 THEN COALESCE(failing_since, $2) ELSE failing_since END,
             not_before = COALESCE($7, not_before),
             gone_at = CASE WHEN $8 AND active THEN $2 ELSE gone_at END,
             active = active AND NOT $8
         WHERE id = $1")
        .bind(id)
        .bind(seen.at)
        .bind(seen.status)
        .bind(seen.problem)
        .bind(seen.problem.is_none())
        .bind(seen.given_up)
        .bind(seen.not_before)
        .bind(gone)
        .execute(conn).await.map(|_| ()))
}

/// Whether there are events that deliveries to an active endpoint were not made of yet.
pub async fn any_behind(tx: &mut Tx) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1
                        FROM events
                        WHERE id > (SELECT MIN(after_event) FROM webhook_endpoints WHERE active))")
        .fetch_one(conn).await)
}

/// Holds the active endpoints until the end of the transaction; the smallest number that deliveries were made up to.
pub async fn lock_active(tx: &mut Tx) -> sqlx::Result<Option<EventId>> {
    let lock = tx.dialect("", " FOR UPDATE");
    let after: Vec<EventId> = with_conn!(tx, conn => QueryBuilder::new(
        "SELECT after_event FROM webhook_endpoints WHERE active ORDER BY id")
        .push(lock)
        .build_query_scalar()
        .fetch_all(conn).await)?;
    Ok(after.into_iter().min())
}

/// Notes that deliveries were made of all events up to one.
pub async fn move_on(tx: &mut Tx, upto: EventId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE webhook_endpoints SET after_event = $1 WHERE active AND after_event < $1")
        .bind(upto)
        .execute(conn).await.map(|_| ()))
}

/// Active endpoints with deliveries that are due.
pub async fn due(tx: &mut Tx, now: Time) -> sqlx::Result<Vec<WebhookEndpointId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT w.id
         FROM webhook_endpoints w
         WHERE w.active
           AND w.not_before <= $1
           AND EXISTS (SELECT 1
                       FROM webhook_deliveries d
                       WHERE d.endpoint_id = w.id
                         AND d.state = 'waiting'
                         AND d.next_at <= $1)
         ORDER BY w.id")
        .bind(now)
        .fetch_all(conn).await)
}
