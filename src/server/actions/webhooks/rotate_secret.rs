//! Giving an endpoint another secret. For a day both sign, so that the host product can change over in between.

use crate::{
    domain::{
        ids::WebhookEndpointId,
        message::Message,
        time::Time,
        webhooks::endpoint::{ROTATION_PERIOD, WebhookSecret},
    },
    error::AppError,
    server::{
        actions::{
            audit, authorize, sent_form,
            webhooks::{create_endpoint::new_secret, endpoint_audit::target},
        },
        auth::caller::{Actor, SentForm},
        errors::{TxError, retry_races},
        state::AppState,
        store::{db::Tx, webhook_endpoints},
    },
};
use serde_json::json;

/// The new secret, to be shown once. The same form sent again makes no other one and is told so.
pub async fn run(
    state: &AppState,
    actor: &Actor,
    id: WebhookEndpointId,
    sent: Option<SentForm>,
) -> Result<WebhookSecret, AppError> {
    retry_races(|| async {
        let now = state.clock.now();
        let mut tx = authorize::begin(&state.db, actor).await?;
        if sent_form::made_before(&mut tx, actor, sent, now).await?.is_some() {
            return Err(AppError::conflict("", Message::SecretShownBefore).into());
        }
        let secret = run_in(&mut tx, state, actor, id, now).await?;
        sent_form::keep(&mut tx, actor, sent, id.0).await?;
        tx.commit().await?;
        Ok::<_, TxError>(secret)
    })
    .await
}

/// In a transaction of somebody who may.
pub async fn run_in(
    tx: &mut Tx,
    state: &AppState,
    actor: &Actor,
    id: WebhookEndpointId,
    now: Time,
) -> Result<WebhookSecret, TxError> {
    webhook_endpoints::lock(tx, id).await?;
    let endpoint = webhook_endpoints::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
    let (secret, until) = (new_secret(&state.rng), now.plus(ROTATION_PERIOD));
    webhook_endpoints::rotate(tx, id, &secret, until).await?;
    let (was, is) = (json!({ "secret": "old" }), json!({ "secret": "new", "old_secret_until": until.rfc_3339() }));
    audit::write(tx, actor, "webhook.rotate_secret", target(&endpoint), was, is, now).await?;
    Ok(secret)
}
