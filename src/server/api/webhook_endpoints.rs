//! Endpoints that events are sent to.

use crate::{
    domain::{cursor::Cursor, ids::WebhookEndpointId},
    error::AppError,
    server::{
        actions::webhooks::{
            create_endpoint, delete_endpoint, replay, rotate_secret, send_test_event, update_endpoint,
        },
        api::{
            auth::{Admin, ApiKey, Read},
            bodies::{
                Page, PageParams,
                reward::Nothing,
                webhook::{DeliveryBody, EndpointBody, EndpointChanges, EndpointSecret, NewEndpoint, Replay, Replayed},
            },
            extract::{JsonBody, PathParam, QueryParams},
            idempotency::{Claimed, IdempotentPost},
            problem::Problem,
        },
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{db::Tx, webhook_endpoints, webhook_list},
    },
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// List webhook endpoints
///
/// In the order in which they were made.
#[utoipa::path(get, operation_id = "listWebhookEndpoints", path = "/webhook-endpoints", tag = "webhooks",
    params(PageParams), security(("key" = ["read"])),
    responses((status = 200, description = "A page of endpoints", body = Page<EndpointBody>)))]
pub async fn list(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    QueryParams(part): QueryParams<PageParams>,
) -> Result<Json<Page<EndpointBody>>, Problem> {
    let limit = PageParams::limit(part.limit)?;
    let after = PageParams::after(part.after.as_deref())?;
    let mut rows = webhook_endpoints::all(&mut state.db.read().await?).await?;
    rows.retain(|endpoint| after.as_ref().is_none_or(|after| endpoint.id.0 > after.id));
    rows.truncate(usize::try_from(limit + 1).unwrap_or_default());
    Ok(Json(Page::of(rows, limit, |endpoint| Cursor::of_id(endpoint.id.0))))
}

/// Create a webhook endpoint
///
/// It gets what happens from now on. Messages are signed as Standard Webhooks says, with the secret that the answer
/// shows this once.
#[utoipa::path(post, operation_id = "createWebhookEndpoint", path = "/webhook-endpoints", tag = "webhooks",
    request_body = NewEndpoint, security(("key" = ["admin"])),
    responses((status = 201, description = "The endpoint and its secret", body = EndpointSecret)))]
pub async fn create(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    post: IdempotentPost<NewEndpoint>,
) -> Result<Response, Problem> {
    retry_races(|| async {
        let mut request = match post.begin(&state, &key).await? {
            Claimed::Before(answer) => return Ok(answer),
            Claimed::Now(request) => request,
        };
        let (fields, now) = ((&post.body).into(), state.clock.now());
        let (id, secret) = create_endpoint::run_in(&mut request.tx, &state, &key.actor(), &fields, now).await?;
        let kept = EndpointSecret { endpoint: found(&mut request.tx, id).await?, secret: None };
        let shown = EndpointSecret { secret: Some(secret.0), ..kept.clone() };
        Ok::<_, TxError<Problem>>(request.done_with_secret(&state, StatusCode::CREATED, &shown, &kept).await?)
    })
    .await
}

/// Get a webhook endpoint
#[utoipa::path(get, operation_id = "getWebhookEndpoint", path = "/webhook-endpoints/{id}", tag = "webhooks",
    params(("id" = i64, Path, description = "The endpoint's id")), security(("key" = ["read"])),
    responses((status = 200, description = "The endpoint", body = EndpointBody)))]
pub async fn get(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<Json<EndpointBody>, Problem> {
    Ok(Json(found(&mut state.db.read().await?, WebhookEndpointId(id)).await?))
}

/// Change a webhook endpoint
///
/// What is left out stays.
#[utoipa::path(patch, operation_id = "updateWebhookEndpoint", path = "/webhook-endpoints/{id}", tag = "webhooks",
    params(("id" = i64, Path, description = "The endpoint's id")), request_body = EndpointChanges,
    security(("key" = ["admin"])),
    responses((status = 200, description = "The changed endpoint", body = EndpointBody)))]
pub async fn change(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    JsonBody(changes): JsonBody<EndpointChanges>,
) -> Result<Json<EndpointBody>, Problem> {
    let id = WebhookEndpointId(id);
    update_endpoint::run(&state, &key.actor(), id, &changes.into()).await?;
    Ok(Json(found(&mut state.db.read().await?, id).await?))
}

/// Delete a webhook endpoint
///
/// Nothing more is sent to it, and its deliveries are gone.
#[utoipa::path(delete, operation_id = "deleteWebhookEndpoint", path = "/webhook-endpoints/{id}", tag = "webhooks",
    params(("id" = i64, Path, description = "The endpoint's id")), security(("key" = ["admin"])),
    responses((status = 204, description = "It is deleted")))]
pub async fn delete(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<StatusCode, Problem> {
    delete_endpoint::run(&state, &key.actor(), WebhookEndpointId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Rotate the secret of a webhook endpoint
///
/// For 24 hours messages are signed with the new secret and with the old one.
#[utoipa::path(post, operation_id = "rotateWebhookSecret", path = "/webhook-endpoints/{id}/rotate-secret",
    tag = "webhooks", params(("id" = i64, Path, description = "The endpoint's id")), request_body = Nothing,
    security(("key" = ["admin"])),
    responses((status = 200, description = "The endpoint and its new secret", body = EndpointSecret)))]
pub async fn rotate(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    post: IdempotentPost<Nothing>,
) -> Result<Response, Problem> {
    let id = WebhookEndpointId(id);
    retry_races(|| async {
        let mut request = match post.begin(&state, &key).await? {
            Claimed::Before(answer) => return Ok(answer),
            Claimed::Now(request) => request,
        };
        let secret = rotate_secret::run_in(&mut request.tx, &state, &key.actor(), id, state.clock.now()).await?;
        let kept = EndpointSecret { endpoint: found(&mut request.tx, id).await?, secret: None };
        let shown = EndpointSecret { secret: Some(secret.0), ..kept.clone() };
        Ok::<_, TxError<Problem>>(request.done_with_secret(&state, StatusCode::OK, &shown, &kept).await?)
    })
    .await
}

/// Send a test event
///
/// Of the type `webhook.test`, whichever events the endpoint gets.
#[utoipa::path(post, operation_id = "testWebhookEndpoint", path = "/webhook-endpoints/{id}/test", tag = "webhooks",
    params(("id" = i64, Path, description = "The endpoint's id")), request_body = Nothing,
    security(("key" = ["admin"])),
    responses((status = 201, description = "The delivery, on its way", body = DeliveryBody)))]
pub async fn test(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    post: IdempotentPost<Nothing>,
) -> Result<Response, Problem> {
    let id = WebhookEndpointId(id);
    let answer = retry_races(|| async {
        let mut request = match post.begin(&state, &key).await? {
            Claimed::Before(answer) => return Ok(answer),
            Claimed::Now(request) => request,
        };
        let delivery = send_test_event::run_in(&mut request.tx, &state, &key.actor(), id, state.clock.now()).await?;
        let delivery = webhook_list::by_id(&mut request.tx, delivery).await?;
        let body = DeliveryBody::from(delivery.ok_or_else(|| Problem::from(AppError::NotFound))?);
        Ok::<_, TxError<Problem>>(request.done(&state, StatusCode::CREATED, &body, &ChangeSet::default()).await?)
    })
    .await?;
    state.new_events.wake();
    Ok(answer)
}

/// Replay events
///
/// Sends past events again, whether they were delivered before or not: up to 10000 of those that the endpoint gets, the
/// oldest first. Events are kept for 30 days.
#[utoipa::path(post, operation_id = "replayEvents", path = "/webhook-endpoints/{id}/replay", tag = "webhooks",
    params(("id" = i64, Path, description = "The endpoint's id")), request_body = Replay,
    security(("key" = ["admin"])),
    responses((status = 200, description = "How many events are on their way", body = Replayed)))]
pub async fn replay_events(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    post: IdempotentPost<Replay>,
) -> Result<Response, Problem> {
    let id = WebhookEndpointId(id);
    let answer = retry_races(|| async {
        let mut request = match post.begin(&state, &key).await? {
            Claimed::Before(answer) => return Ok(answer),
            Claimed::Now(request) => request,
        };
        let (range, now) = ((&post.body).into(), state.clock.now());
        let events = replay::run_in(&mut request.tx, &key.actor(), id, range, now).await?;
        let body = Replayed { events };
        Ok::<_, TxError<Problem>>(request.done(&state, StatusCode::OK, &body, &ChangeSet::default()).await?)
    })
    .await?;
    state.new_events.wake();
    Ok(answer)
}

/// The endpoint as it is answered.
async fn found(tx: &mut Tx, id: WebhookEndpointId) -> Result<EndpointBody, Problem> {
    Ok(webhook_endpoints::by_id(tx, id).await?.ok_or(AppError::NotFound)?.into())
}
