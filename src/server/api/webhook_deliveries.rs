//! Events on their way to endpoints.

use crate::{
    domain::ids::{WebhookDeliveryId, WebhookEndpointId},
    error::AppError,
    server::{
        actions::webhooks::redeliver,
        api::{
            auth::{Admin, ApiKey, Read},
            bodies::{
                Page, PageParams,
                reward::Nothing,
                webhook::{DeliveriesQuery, DeliveryBody, DeliveryDetails},
            },
            extract::{PathParam, QueryParams},
            idempotency::{Claimed, IdempotentPost},
            problem::Problem,
        },
        errors::{TxError, retry_races},
        queries::webhooks,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::webhook_list::{self, DeliveryFilter},
    },
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// List webhook deliveries
///
/// The latest first; kept for 30 days.
#[utoipa::path(get, operation_id = "listWebhookDeliveries", path = "/webhook-deliveries", tag = "webhooks",
    params(DeliveriesQuery), security(("key" = ["read"])),
    responses((status = 200, description = "A page of deliveries", body = Page<DeliveryBody>)))]
pub async fn list(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    QueryParams(query): QueryParams<DeliveriesQuery>,
) -> Result<Json<Page<DeliveryBody>>, Problem> {
    let limit = PageParams::limit(query.limit)?;
    let after = PageParams::after(query.after.as_deref())?;
    let filter = DeliveryFilter { endpoint: query.endpoint_id.map(WebhookEndpointId), state: query.state };
    let rows = webhook_list::page(&mut state.db.read().await?, filter, after.as_ref(), limit + 1).await?;
    Ok(Json(Page::of(rows, limit, webhook_list::place)))
}

/// Get a webhook delivery
///
/// With its message and what came of each attempt.
#[utoipa::path(get, operation_id = "getWebhookDelivery", path = "/webhook-deliveries/{id}", tag = "webhooks",
    params(("id" = i64, Path, description = "The delivery's id")), security(("key" = ["read"])),
    responses((status = 200, description = "The delivery", body = DeliveryDetails)))]
pub async fn get(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<Json<DeliveryDetails>, Problem> {
    let found = webhooks::delivery(&mut state.db.read().await?, WebhookDeliveryId(id)).await?;
    Ok(Json(found.ok_or(AppError::NotFound)?.into()))
}

/// Send a delivery again
///
/// The same message with the same `webhook-id`, however it ended before.
#[utoipa::path(post, operation_id = "redeliverWebhook", path = "/webhook-deliveries/{id}/redeliver", tag = "webhooks",
    params(("id" = i64, Path, description = "The delivery's id")), request_body = Nothing,
    security(("key" = ["admin"])),
    responses((status = 200, description = "The delivery, on its way", body = DeliveryBody)))]
pub async fn send_again(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    post: IdempotentPost<Nothing>,
) -> Result<Response, Problem> {
    let id = WebhookDeliveryId(id);
    let answer = retry_races(|| async {
        let mut request = match post.begin(&state, &key).await? {
            Claimed::Before(answer) => return Ok(answer),
            Claimed::Now(request) => request,
        };
        redeliver::run_in(&mut request.tx, &key.actor(), id, state.clock.now()).await?;
        let delivery = webhook_list::by_id(&mut request.tx, id).await?;
        let body = DeliveryBody::from(delivery.ok_or_else(|| Problem::from(AppError::NotFound))?);
        Ok::<_, TxError<Problem>>(request.done(&state, StatusCode::OK, &body, &ChangeSet::default()).await?)
    })
    .await?;
    state.new_events.wake();
    Ok(answer)
}
