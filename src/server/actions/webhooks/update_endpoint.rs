//! Changing an endpoint, or switching it on or off. What it was not sent while it was off is not made up for; a replay
//! can.

use crate::{
    domain::{ids::WebhookEndpointId, time::Time, webhooks::endpoint::EndpointFields},
    error::AppError,
    server::{
        actions::{
            audit, authorize,
            rewards::mark_undelivered,
            webhooks::endpoint_audit::{facts, target, terms},
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        outbox::webhooks::addresses,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{db::Tx, webhook_deliveries, webhook_endpoints},
    },
};

/// Changes what is given and leaves the rest.
pub async fn run(
    state: &AppState,
    actor: &Actor,
    id: WebhookEndpointId,
    fields: &EndpointFields,
) -> Result<(), AppError> {
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        let mut changes = ChangeSet::default();
        run_in(&mut tx, state, actor, id, fields, state.clock.now(), &mut changes).await?;
        Ok::<_, TxError>(state.publisher.commit_and_publish(tx, &changes).await?)
    })
    .await?;
    // It may have been switched on, with deliveries that wait.
    state.new_events.wake();
    Ok(())
}

/// In a transaction of somebody who may. Rewards that wait for an endpoint alone that is switched off have failed;
/// should it be switched on again, their deliveries go out and repair them.
pub async fn run_in(
    tx: &mut Tx,
    state: &AppState,
    actor: &Actor,
    id: WebhookEndpointId,
    fields: &EndpointFields,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(), TxError> {
    webhook_endpoints::lock(tx, id).await?;
    let endpoint = webhook_endpoints::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
    let before = terms(&endpoint);
    let after = before.clone().with(fields).map_err(AppError::Invalid)?;
    // One that may not be called any more can still be switched off.
    if after.active || after.url != before.url {
        addresses::check(&after.url, state.config.webhook_allow_private)
            .map_err(|message| AppError::invalid("url", message))?;
    }
    if after == before {
        return Ok(());
    }
    webhook_endpoints::update(tx, id, &after).await?;
    if before.active && !after.active {
        let waiting = webhook_deliveries::waiting_rewards(tx, id).await?;
        mark_undelivered::run_in(tx, &waiting, now, changes).await?;
    }
    Ok(audit::write(tx, actor, "webhook.change", target(&endpoint), facts(&before), facts(&after), now).await?)
}
