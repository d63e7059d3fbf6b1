//! Endpoints of webhooks and their deliveries, as admins see them.

use crate::{
    domain::{
        ids::{WebhookDeliveryId, WebhookEndpointId},
        webhooks::{delivery::DeliveryState, endpoint::WebhookSecret},
    },
    error::AppError,
    server::{
        queries::{split_page, webhooks},
        state::AppState,
        store::{
            webhook_endpoints,
            webhook_list::{self, DeliveryFilter},
        },
    },
    view_models::{
        webhook_pages::WebhookPage,
        webhooks::{WebhookDeliveryDetails, WebhookEndpoint},
    },
};
use std::time::Duration;

/// Deliveries on a page.
const PAGE_SIZE: usize = 50;

/// How often it is looked whether an endpoint has answered, and how long to wait in between.
const LOOKS: usize = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// All endpoints.
pub async fn endpoints(state: &AppState) -> Result<Vec<WebhookEndpoint>, AppError> {
    Ok(webhook_endpoints::all(&mut state.db.read().await?).await?)
}

/// One delivery with its attempts.
pub async fn delivery(state: &AppState, id: WebhookDeliveryId) -> Result<WebhookDeliveryDetails, AppError> {
    let mut tx = state.db.read().await?;
    webhooks::delivery(&mut tx, id).await?.ok_or(AppError::NotFound)
}

/// How often a delivery was tried; 0 where there is none.
pub async fn attempts(state: &AppState, id: WebhookDeliveryId) -> Result<i64, AppError> {
    let mut tx = state.db.read().await?;
    Ok(webhook_list::by_id(&mut tx, id).await?.map_or(0, |delivery| delivery.attempts))
}

/// Waits until a delivery was tried more often than before and the answer is there, two seconds at most: whoever has
/// just sent it wants to see what comes of it.
pub async fn answered(state: &AppState, id: WebhookDeliveryId, before: i64) -> Result<(), AppError> {
    for _ in 0..LOOKS {
        let mut tx = state.db.read().await?;
        let latest = webhook_list::attempts(&mut tx, id).await?.last().map_or(0, |attempt| attempt.number);
        drop(tx);
        if latest > before {
            break;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    Ok(())
}

/// One endpoint. `wanted` is the name of a state of deliveries, or empty; `after` is where the page begins. `held` is
/// what the browser holds as the endpoint's secret: shown only if it is.
pub async fn endpoint(
    state: &AppState,
    id: WebhookEndpointId,
    held: Option<WebhookSecret>,
    wanted: &str,
    after: &str,
) -> Result<WebhookPage, AppError> {
    let mut tx = state.db.read().await?;
    let endpoint = webhook_endpoints::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let secret = match held {
        Some(held) => {
            webhook_endpoints::destination(&mut tx, id).await?.filter(|known| known.secret == held).map(|_| held)
        }
        None => None,
    };
    let of_state = DeliveryState::ALL.iter().copied().find(|state| state.as_str() == wanted);
    let filter = DeliveryFilter { endpoint: Some(id), state: of_state };
    let after = after.parse().ok();
    let rows = webhook_list::page(&mut tx, filter, after.as_ref(), PAGE_SIZE as i64 + 1).await?;
    let (deliveries, next) = split_page(rows, PAGE_SIZE, webhook_list::place);
    let state = of_state.map(DeliveryState::as_str).unwrap_or_default().to_owned();
    Ok(WebhookPage { endpoint, secret, state, deliveries, next })
}
