//! Sending a range of events to an endpoint, whether they were sent to it before or not.

use crate::{
    domain::{ids::WebhookEndpointId, message::Message, time::Time},
    error::AppError,
    server::{
        actions::{
            audit, authorize,
            webhooks::{active_endpoint, endpoint_audit::target},
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        state::AppState,
        store::{db::Tx, webhook_deliveries, webhook_endpoints},
    },
};
use serde_json::{Value, json};

pub use crate::server::store::webhook_deliveries::Range;

/// Events that are sent again at once.
pub const MAX_EVENTS: i64 = 10_000;

/// How many events are on their way: those of the range that the endpoint wants, the first [`MAX_EVENTS`] of them.
pub async fn run(state: &AppState, actor: &Actor, id: WebhookEndpointId, range: Range) -> Result<i64, AppError> {
    let count = retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        let count = run_in(&mut tx, actor, id, range, state.clock.now()).await?;
        tx.commit().await?;
        Ok::<_, TxError>(count)
    })
    .await?;
    state.new_events.wake();
    Ok(count)
}

/// In a transaction of somebody who may. The range has to begin somewhere.
pub async fn run_in(
    tx: &mut Tx,
    actor: &Actor,
    id: WebhookEndpointId,
    range: Range,
    now: Time,
) -> Result<i64, TxError> {
    if range.after.is_none() && range.since.is_none() {
        return Err(AppError::invalid("since", Message::ReplayWithoutStart).into());
    }
    webhook_endpoints::lock(tx, id).await?;
    let endpoint = active_endpoint::find(tx, id).await?;
    let count = webhook_deliveries::replay(tx, id, range, MAX_EVENTS, now).await?;
    let is = json!({
        "after": range.after,
        "upto": range.upto,
        "since": range.since.map(Time::rfc_3339),
        "until": range.until.map(Time::rfc_3339),
        "count": count,
    });
    audit::write(tx, actor, "webhook.replay", target(&endpoint), Value::Null, is, now).await?;
    Ok(count)
}
