//! Payments: told by the host product, given back, and looked at.

use crate::{
    domain::{
        conversions::facts::PaymentSource,
        ids::{PaymentId, UserId},
    },
    error::AppError,
    server::{
        actions::conversions::{
            record_conversion::{self, ConversionInput},
            refund_conversion,
        },
        api::{
            auth::{ApiKey, Read, Write},
            bodies::{
                Page, PageParams,
                conversion::{ConversionsQuery, NewConversion, NewRefund},
            },
            extract::{PathParam, QueryParams},
            idempotency::{Claimed, IdempotentPost, PendingRequest},
            problem::Problem,
        },
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::payment_list::{self, PaymentFilter},
    },
    view_models::conversions::Conversion,
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// Record a payment
///
/// A payment counts once, whoever tells of it: name it by `source_id`, and by Stripe's names (`provider_refs`) where
/// its events arrive too. What is known already is answered with 200. It counts for whoever brought the payer; a
/// payment by somebody who is unknown, or whom nobody brought, is kept as `parked` and taken up when that changes.
#[utoipa::path(post, operation_id = "createConversion", path = "/conversions", tag = "conversions",
    request_body = NewConversion, security(("key" = ["write"])),
    responses((status = 201, description = "The payment", body = Conversion),
              (status = 200, description = "The payment, which was known", body = Conversion)))]
pub async fn create(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    post: IdempotentPost<NewConversion>,
) -> Result<Response, Problem> {
    retry_races(|| record(&key, &state, &post)).await
}

async fn record(
    key: &ApiKey<Write>,
    state: &AppState,
    post: &IdempotentPost<NewConversion>,
) -> Result<Response, TxError<Problem>> {
    let mut request = match post.begin(state, key).await? {
        Claimed::Before(answer) => return Ok(answer),
        Claimed::Now(request) => request,
    };
    let new = &post.body;
    let input = ConversionInput {
        user: new.user_id.map(UserId),
        external_id: new.external_id.as_deref(),
        email: new.email.as_deref(),
        source_id: &new.source_id,
        amount: new.amount,
        net_amount: new.net_amount,
        currency: &new.currency,
        occurred_at: new.occurred_at.map(|at| at.0),
        provider_refs: &new.provider_refs,
        period_start: new.period_start.map(|at| at.0),
        product: new.product.as_deref(),
    };
    let (now, settings) = (state.clock.now(), state.settings.get());
    let mut changes = ChangeSet::default();
    let recorded =
        record_conversion::run_in(&mut request.tx, &settings, &input, PaymentSource::Api, now, &mut changes).await?;
    answer(request, state, recorded.id, recorded.new, &changes).await
}

/// Record a refund
///
/// All refunds of a payment together are no more than was paid.
#[utoipa::path(post, operation_id = "refundConversion", path = "/conversions/{id}/refunds", tag = "conversions",
    params(("id" = i64, Path, description = "The payment's id")),
    request_body = NewRefund, security(("key" = ["write"])),
    responses((status = 201, description = "The payment with the refund", body = Conversion),
              (status = 200, description = "The payment; the refund was known", body = Conversion)))]
pub async fn refund(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    post: IdempotentPost<NewRefund>,
) -> Result<Response, Problem> {
    retry_races(|| give_back(&key, &state, id, &post)).await
}

async fn give_back(
    key: &ApiKey<Write>,
    state: &AppState,
    id: i64,
    post: &IdempotentPost<NewRefund>,
) -> Result<Response, TxError<Problem>> {
    let mut request = match post.begin(state, key).await? {
        Claimed::Before(answer) => return Ok(answer),
        Claimed::Now(request) => request,
    };
    let NewRefund { source_id, amount } = &post.body;
    let (now, source) = (state.clock.now(), PaymentSource::Api);
    let mut changes = ChangeSet::default();
    let (id, new) =
        refund_conversion::run_in(&mut request.tx, PaymentId(id), source_id, *amount, source, now, &mut changes)
            .await?;
    answer(request, state, id, new, &changes).await
}

async fn answer(
    mut request: Box<PendingRequest>,
    state: &AppState,
    id: PaymentId,
    new: bool,
    changes: &ChangeSet,
) -> Result<Response, TxError<Problem>> {
    let body = payment_list::by_id(&mut request.tx, id).await?.ok_or_else(|| Problem::from(AppError::NotFound))?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(request.done(state, status, &body, changes).await?)
}

/// List payments
///
/// The latest first.
#[utoipa::path(get, operation_id = "listConversions", path = "/conversions", tag = "conversions",
    params(ConversionsQuery), security(("key" = ["read"])),
    responses((status = 200, description = "A page of payments", body = Page<Conversion>)))]
pub async fn list(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    QueryParams(query): QueryParams<ConversionsQuery>,
) -> Result<Json<Page<Conversion>>, Problem> {
    let limit = PageParams::limit(query.limit)?;
    let after = PageParams::after(query.after.as_deref())?;
    let filter = PaymentFilter { state: query.state, user: query.user_id.map(UserId) };
    let rows = payment_list::page(&mut state.db.read().await?, filter, after.as_ref(), limit + 1).await?;
    Ok(Json(Page::of(rows, limit, Conversion::cursor)))
}

/// Get a payment
#[utoipa::path(get, operation_id = "getConversion", path = "/conversions/{id}", tag = "conversions",
    params(("id" = i64, Path, description = "The payment's id")),
    security(("key" = ["read"])), responses((status = 200, description = "The payment", body = Conversion)))]
pub async fn get(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<Json<Conversion>, Problem> {
    let found = payment_list::by_id(&mut state.db.read().await?, PaymentId(id)).await?;
    Ok(Json(found.ok_or(AppError::NotFound)?))
}
