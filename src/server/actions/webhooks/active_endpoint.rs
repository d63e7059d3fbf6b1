//! The endpoint that something is to be sent to.

use crate::{
    domain::{ids::WebhookEndpointId, message::Message},
    error::AppError,
    server::{
        errors::TxError,
        store::{db::Tx, webhook_endpoints},
    },
    view_models::webhooks::WebhookEndpoint,
};

/// The endpoint. *Conflict* when it is off.
pub async fn find(tx: &mut Tx, id: WebhookEndpointId) -> Result<WebhookEndpoint, TxError> {
    let endpoint = webhook_endpoints::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
    if endpoint.active { Ok(endpoint) } else { Err(AppError::conflict("", Message::EndpointOff).into()) }
}
