//! Deliveries as lists and pages show them.

use crate::{
    domain::{
        cursor::Cursor,
        events::EventKind,
        ids::{RewardId, WebhookDeliveryId, WebhookEndpointId},
        webhooks::delivery::DeliveryState,
    },
    server::store::db::{Tx, with_conn},
    view_models::webhooks::{WebhookAttempt, WebhookDelivery},
};
use sqlx::QueryBuilder;

/// Which deliveries are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeliveryFilter {
    pub endpoint: Option<WebhookEndpointId>,
    pub state: Option<DeliveryState>,
}

const SELECT: &str =
    "SELECT d.id, d.endpoint_id, w.url, d.event_id, d.message_id, d.type, d.object_id, d.version, d.occurred_at,
       d.state, d.attempts, d.next_at, d.created_at, d.ended_at, a.status AS last_status, a.problem AS last_problem
FROM webhook_deliveries d
JOIN webhook_endpoints w ON w.id = d.endpoint_id
LEFT JOIN webhook_attempts a ON a.delivery_id = d.id AND a.number = d.attempts ";

/// Up to `limit` deliveries, the latest first, after a place that [`place`] gives.
pub async fn page(
    tx: &mut Tx,
    filter: DeliveryFilter,
    after: Option<&Cursor>,
    limit: i64,
) -> sqlx::Result<Vec<WebhookDelivery>> {
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE d.id < ").push_bind(after.map_or(i64::MAX, |after| after.id));
        if let Some(endpoint) = filter.endpoint {
            query.push(" AND d.endpoint_id = ").push_bind(endpoint);
        }
        if let Some(state) = filter.state {
            query.push(" AND d.state = ").push_bind(state);
        }
        query.push(" ORDER BY d.id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// The place of a delivery in lists.
pub fn place(delivery: &WebhookDelivery) -> Cursor {
    Cursor::of_id(delivery.id.0)
}

pub async fn by_id(tx: &mut Tx, id: WebhookDeliveryId) -> sqlx::Result<Option<WebhookDelivery>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE d.id = ")
        .push_bind(id)
        .build_query_as()
        .fetch_optional(conn).await)
}

/// The latest delivery that says that a reward can be used, if there is one.
pub async fn of_reward(tx: &mut Tx, reward: RewardId) -> sqlx::Result<Option<WebhookDeliveryId>> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT MAX(id) FROM webhook_deliveries WHERE type = $1 AND object_id = $2")
        .bind(EventKind::RewardActivated.as_str())
        .bind(reward)
        .fetch_one(conn).await)
}

/// The object that a delivery speaks of, as JSON text.
pub async fn data(tx: &mut Tx, id: WebhookDeliveryId) -> sqlx::Result<Option<String>> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT data FROM webhook_deliveries WHERE id = $1")
        .bind(id)
        .fetch_optional(conn).await)
}

/// The latest hundred attempts of a delivery, the first one first.
pub async fn attempts(tx: &mut Tx, id: WebhookDeliveryId) -> sqlx::Result<Vec<WebhookAttempt>> {
    let mut latest: Vec<WebhookAttempt> = with_conn!(tx, conn => sqlx::query_as(
        "SELECT number, at, duration_ms, status, response, problem
         FROM webhook_attempts
         WHERE delivery_id = $1
         ORDER BY number DESC
         LIMIT 100")
        .bind(id)
        .fetch_all(conn).await)?;
    latest.reverse();
    Ok(latest)
}
