//! Creating an endpoint that events are sent to.

use crate::{
    domain::{
        ids::WebhookEndpointId,
        message::Message,
        time::Time,
        webhooks::endpoint::{EndpointFields, EndpointTerms, MAX_ENDPOINTS, WebhookSecret},
    },
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize, sent_form,
            webhooks::endpoint_audit::facts,
        },
        auth::caller::{Actor, SentForm},
        config::rng::Rng,
        errors::{TxError, retry_races},
        outbox::webhooks::addresses,
        state::AppState,
        store::{db::Tx, webhook_endpoints},
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

/// The id of the endpoint, and its secret, to be shown once. The same form sent again makes no other endpoint and is
/// told so.
pub async fn run(
    state: &AppState,
    actor: &Actor,
    fields: &EndpointFields,
    sent: Option<SentForm>,
) -> Result<(WebhookEndpointId, WebhookSecret), AppError> {
    retry_races(|| async {
        let now = state.clock.now();
        let mut tx = authorize::begin(&state.db, actor).await?;
        if sent_form::made_before(&mut tx, actor, sent, now).await?.is_some() {
            return Err(AppError::conflict("", Message::SecretShownBefore).into());
        }
        let (id, secret) = run_in(&mut tx, state, actor, fields, now).await?;
        sent_form::keep(&mut tx, actor, sent, id.0).await?;
        tx.commit().await?;
        Ok::<_, TxError>((id, secret))
    })
    .await
}

/// In a transaction of somebody who may.
pub async fn run_in(
    tx: &mut Tx,
    state: &AppState,
    actor: &Actor,
    fields: &EndpointFields,
    now: Time,
) -> Result<(WebhookEndpointId, WebhookSecret), TxError> {
    let terms = EndpointTerms::default().with(fields).map_err(AppError::Invalid)?;
    addresses::check(&terms.url, state.config.webhook_allow_private)
        .map_err(|message| AppError::invalid("url", message))?;
    if webhook_endpoints::count(tx).await? >= MAX_ENDPOINTS {
        return Err(AppError::conflict("", Message::TooManyEndpoints { max: MAX_ENDPOINTS }).into());
    }
    let secret = new_secret(&state.rng);
    let id = webhook_endpoints::insert(tx, &terms, &secret, now).await?;
    let target = Target { kind: "webhook", id: Some(id.0), name: &terms.url };
    audit::write(tx, actor, "webhook.create", target, Value::Null, facts(&terms), now).await?;
    Ok((id, secret))
}

/// A secret that nobody can guess.
pub fn new_secret(rng: &Rng) -> WebhookSecret {
    WebhookSecret(format!("{}{}", WebhookSecret::PREFIX, BASE64_STANDARD.encode(rng.bytes::<32>())))
}
