//! Trying an endpoint with an event that says nothing.

use crate::{
    domain::{
        ids::{WebhookDeliveryId, WebhookEndpointId},
        time::Time,
    },
    error::AppError,
    server::{
        actions::{
            audit, authorize,
            webhooks::{active_endpoint, endpoint_audit::target},
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        state::AppState,
        store::{db::Tx, webhook_deliveries},
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// The delivery that is on its way.
pub async fn run(state: &AppState, actor: &Actor, id: WebhookEndpointId) -> Result<WebhookDeliveryId, AppError> {
    let delivery = retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        let delivery = run_in(&mut tx, state, actor, id, state.clock.now()).await?;
        tx.commit().await?;
        Ok::<_, TxError>(delivery)
    })
    .await?;
    state.new_events.wake();
    Ok(delivery)
}

/// In a transaction of somebody who may. Whoever commits it wakes the sender, or it looks within a second.
pub async fn run_in(
    tx: &mut Tx,
    state: &AppState,
    actor: &Actor,
    id: WebhookEndpointId,
    now: Time,
) -> Result<WebhookDeliveryId, TxError> {
    let endpoint = active_endpoint::find(tx, id).await?;
    let message_id = format!("test_{}", BASE64_URL_SAFE_NO_PAD.encode(state.rng.bytes::<12>()));
    let data = json!({ "id": 0, "endpoint_id": id, "version": 1 }).to_string();
    let delivery = webhook_deliveries::insert_test(tx, id, &message_id, &data, now).await?;
    audit::write(tx, actor, "webhook.test", target(&endpoint), Value::Null, json!({ "delivery_id": delivery }), now)
        .await?;
    Ok(delivery)
}
