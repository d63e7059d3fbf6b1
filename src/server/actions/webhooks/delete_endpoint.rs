//! Deleting an endpoint with all its deliveries.

use crate::{
    domain::{ids::WebhookEndpointId, time::Time},
    error::AppError,
    server::{
        actions::{
            audit, authorize,
            rewards::mark_undelivered,
            webhooks::endpoint_audit::{facts, target, terms},
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{db::Tx, webhook_deliveries, webhook_endpoints},
    },
};
use serde_json::Value;

pub async fn run(state: &AppState, actor: &Actor, id: WebhookEndpointId) -> Result<(), AppError> {
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        let mut changes = ChangeSet::default();
        run_in(&mut tx, actor, id, state.clock.now(), &mut changes).await?;
        Ok::<_, TxError>(state.publisher.commit_and_publish(tx, &changes).await?)
    })
    .await
}

/// In a transaction of somebody who may. Rewards that waited for this endpoint alone are not delivered.
pub async fn run_in(
    tx: &mut Tx,
    actor: &Actor,
    id: WebhookEndpointId,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(), TxError> {
    webhook_endpoints::lock(tx, id).await?;
    let endpoint = webhook_endpoints::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
    let waiting = webhook_deliveries::waiting_rewards(tx, id).await?;
    webhook_endpoints::delete(tx, id).await?;
    mark_undelivered::run_in(tx, &waiting, now, changes).await?;
    Ok(audit::write(tx, actor, "webhook.delete", target(&endpoint), facts(&terms(&endpoint)), Value::Null, now).await?)
}
