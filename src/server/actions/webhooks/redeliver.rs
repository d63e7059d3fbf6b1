//! Sending a delivery once more, however it ended.

use crate::{
    domain::{ids::WebhookDeliveryId, time::Time},
    error::AppError,
    server::{
        actions::{
            audit, authorize,
            webhooks::{active_endpoint, endpoint_audit::target},
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        state::AppState,
        store::{db::Tx, webhook_deliveries, webhook_list},
    },
};
use serde_json::{Value, json};

pub async fn run(state: &AppState, actor: &Actor, id: WebhookDeliveryId) -> Result<(), AppError> {
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        run_in(&mut tx, actor, id, state.clock.now()).await?;
        Ok::<_, TxError>(tx.commit().await?)
    })
    .await?;
    state.new_events.wake();
    Ok(())
}

/// In a transaction of somebody who may. It has the same `webhook-id` as before, and as many tries as a new one.
pub async fn run_in(tx: &mut Tx, actor: &Actor, id: WebhookDeliveryId, now: Time) -> Result<(), TxError> {
    let delivery = webhook_list::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
    let endpoint = active_endpoint::find(tx, delivery.endpoint_id).await?;
    webhook_deliveries::send_again(tx, id, now).await?;
    let is = json!({ "delivery_id": id, "message_id": delivery.message_id });
    Ok(audit::write(tx, actor, "webhook.redeliver", target(&endpoint), Value::Null, is, now).await?)
}
