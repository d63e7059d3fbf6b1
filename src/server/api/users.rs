//! Users of the host product: joining, changing, erasing, and what they have brought.

use crate::{
    domain::{accounts::api_key::Scope, ids::UserId},
    error::AppError,
    server::{
        actions::users::{create_user, erase_user, update_user},
        api::{
            auth::{Admin, ApiKey, Read, Write},
            bodies::{
                Money, Page, PageParams,
                user::{NewUser, Referral, UserBody, UserChanges, UserStats},
            },
            extract::{JsonBody, PathParam, QueryParams},
            idempotency::{Claimed, IdempotentPost},
            problem::Problem,
        },
        errors::{TxError, retry_races},
        state::AppState,
        store::{attributions, counters, db::Tx, referrals, users},
    },
    view_models,
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// Add a user
///
/// Somebody of the host product joins. They get a code of their own, and whoever brought them is credited: by `code`,
/// or by the click that `click_id` names. A `code` that cannot be used is refused, unless it came with that click.
/// While the program is paused, codes are not looked at. This is what uses a code; an account that exists already
/// cannot become a referral.
#[utoipa::path(post, path = "/users", tag = "users", request_body = NewUser, security(("key" = ["write"])),
    responses((status = 201, description = "The user with their code and link", body = UserBody)))]
pub async fn create(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    post: IdempotentPost<NewUser>,
) -> Result<Response, Problem> {
    retry_races(|| join(&key, &state, &post)).await
}

async fn join(
    key: &ApiKey<Write>,
    state: &AppState,
    post: &IdempotentPost<NewUser>,
) -> Result<Response, TxError<Problem>> {
    let mut request = match post.begin(state, key).await? {
        Claimed::Before(answer) => return Ok(answer),
        Claimed::Now(request) => request,
    };
    let new = &post.body;
    let form = create_user::NewUserForm {
        email: new.email.clone(),
        username: new.username.clone(),
        external_id: new.external_id.clone(),
        full_name: new.full_name.clone(),
        phone: new.phone.clone(),
        code: new.code.clone().unwrap_or_default(),
        click: new.click_id,
    };
    let settings = state.settings.get();
    let (user, changes) = create_user::run_in(&mut request.tx, state, &settings, &key.actor(), &form).await?;
    let body = user_body(&mut request.tx, state, user).await?;
    let answer = request.done(state, StatusCode::CREATED, &body, &changes).await?;
    metrics::counter!("passalong_signups_total").increment(1);
    Ok(answer)
}

async fn user_body(tx: &mut Tx, state: &AppState, id: UserId) -> Result<UserBody, Problem> {
    let user = users::profile(tx, id).await?.ok_or(AppError::NotFound)?;
    let receipt = attributions::of_user(tx, id).await?;
    Ok(UserBody::of(user, receipt, &state.base_url))
}

/// Get a user
#[utoipa::path(get, path = "/users/{id}", tag = "users", params(("id" = i64, Path)), security(("key" = ["read"])),
    responses((status = 200, description = "The user", body = UserBody)))]
pub async fn get(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<Json<UserBody>, Problem> {
    user_body(&mut state.db.read().await?, &state, UserId(id)).await.map(Json)
}

/// Get a user by the host product's id
#[utoipa::path(get, path = "/users/by-external-id/{external_id}", tag = "users",
    params(("external_id" = String, Path)), security(("key" = ["read"])),
    responses((status = 200, description = "The user", body = UserBody)))]
pub async fn get_by_external_id(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(external_id): PathParam<String>,
) -> Result<Json<UserBody>, Problem> {
    let mut tx = state.db.read().await?;
    let user = users::profile_by_external_id(&mut tx, &external_id).await?.ok_or(AppError::NotFound)?;
    let receipt = attributions::of_user(&mut tx, user.id).await?;
    Ok(Json(UserBody::of(user, receipt, &state.base_url)))
}

/// Change a user
///
/// Admins' accounts need a key with the scope `admin`.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", params(("id" = i64, Path)), request_body = UserChanges,
    security(("key" = ["write"])), responses((status = 200, description = "The changed user", body = UserBody)))]
pub async fn change(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    JsonBody(changes): JsonBody<UserChanges>,
) -> Result<Json<UserBody>, Problem> {
    // What is null is taken away.
    let text = |given: Option<Option<String>>| given.map(Option::unwrap_or_default);
    let changes = update_user::UserChanges {
        email: changes.email,
        username: changes.username,
        external_id: text(changes.external_id),
        full_name: text(changes.full_name),
        phone: text(changes.phone),
        goal: changes.goal,
        admin: None,
        disabled: changes.disabled,
    };
    update_user::run(&state, &key.actor(), key.scope >= Scope::Admin, UserId(id), &changes).await?;
    user_body(&mut state.db.read().await?, &state, UserId(id)).await.map(Json)
}

/// Erase a user
///
/// The account and every name of theirs go; numbers and counters stay. It cannot be undone.
#[utoipa::path(delete, path = "/users/{id}", tag = "users", params(("id" = i64, Path)), security(("key" = ["admin"])),
    responses((status = 204, description = "The user is gone")))]
pub async fn erase(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<StatusCode, Problem> {
    erase_user::run(&state, &key.actor(), UserId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get a user's numbers
///
/// Over all codes that credit them.
#[utoipa::path(get, path = "/users/{id}/stats", tag = "users", params(("id" = i64, Path)),
    security(("key" = ["read"])), responses((status = 200, description = "The numbers", body = UserStats)))]
pub async fn stats(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<Json<UserStats>, Problem> {
    let mut tx = state.db.read().await?;
    let stats = counters::of_user(&mut tx, UserId(id)).await?.ok_or(AppError::NotFound)?;
    let amount = counters::revenue_of(&mut tx, UserId(id)).await?;
    Ok(Json(UserStats {
        clicks: stats.clicks,
        unique_clicks: stats.unique_clicks,
        signups: stats.signups,
        conversions: stats.conversions,
        revenue: Money { amount, currency: state.settings.get().currency.clone() },
        goal: stats.goal,
        tier: None,
    }))
}

/// List whom a user brought
///
/// The latest first.
#[utoipa::path(get, path = "/users/{id}/referrals", tag = "users", params(("id" = i64, Path), PageParams),
    security(("key" = ["read"])), responses((status = 200, description = "A page of referrals", body = Page<Referral>)))]
pub async fn referrals(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    QueryParams(part): QueryParams<PageParams>,
) -> Result<Json<Page<Referral>>, Problem> {
    let limit = PageParams::limit(part.limit)?;
    let after = PageParams::after(part.after.as_deref())?;
    let mut tx = state.db.read().await?;
    users::by_id(&mut tx, UserId(id)).await?.ok_or(AppError::NotFound)?;
    let rows = referrals::of_referrer(&mut tx, UserId(id), after.as_ref(), limit + 1).await?;
    Ok(Json(Page::of(rows, limit, view_models::referrals::Referral::cursor)))
}
