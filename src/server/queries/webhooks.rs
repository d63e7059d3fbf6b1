//! A delivery with all that was tried.

use crate::{
    domain::{ids::WebhookDeliveryId, webhooks::message},
    server::store::{db::Tx, webhook_list},
    view_models::webhooks::WebhookDeliveryDetails,
};

/// A delivery with its body and its attempts, if there is one. Lists of endpoints and deliveries are those of
/// [`webhook_endpoints`](crate::server::store::webhook_endpoints) and [`webhook_list`].
pub async fn delivery(tx: &mut Tx, id: WebhookDeliveryId) -> sqlx::Result<Option<WebhookDeliveryDetails>> {
    let Some(delivery) = webhook_list::by_id(tx, id).await? else { return Ok(None) };
    let data = webhook_list::data(tx, id).await?.unwrap_or_default();
    let event = delivery.event_id.map(|event| event.0);
    let body = message::body(event, &delivery.kind, delivery.version, &data, delivery.occurred_at);
    let attempts = webhook_list::attempts(tx, id).await?;
    Ok(Some(WebhookDeliveryDetails { delivery, body, attempts }))
}
