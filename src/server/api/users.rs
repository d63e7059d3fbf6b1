//! Users of the host product: joining, changing, erasing, and what they have brought.

use crate::{
    domain::{
        accounts::{
            api_key::Scope,
            email::{Email, search_form},
        },
        cursor::Cursor,
        ids::UserId,
    },
    error::AppError,
    server::{
        actions::{
            referrals::correct_attribution,
            users::{create_user, erase_user, update_user},
        },
        api::{
            auth::{Admin, ApiKey, Read, Write},
            bodies::{
                Page, PageParams,
                user::{NewUser, Referral, ReferralCorrection, UserBody, UserChanges, UserStats, UsersQuery},
            },
            extract::{JsonBody, PathParam, QueryParams, UserRef},
            idempotency::{Claimed, IdempotentPost},
            problem::Problem,
        },
        errors::{TxError, retry_races},
        queries::split_page,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            attributions, counters,
            db::Tx,
            referrals, revenue,
            user_list::{self, UserFilter},
            user_profiles,
            users::{self, UserRecord},
        },
    },
    view_models,
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// How a path names a user.
pub(super) const USER_REF: &str = "The user's id, or the host product's id as `ext:ID`";

/// Create a user
///
/// Somebody of the host product joins. They get a code of their own, and whoever brought them is credited. What the
/// link handed over (`click_id` and `code`) is decided like a visit to the sign-up page here: by the attribution window
/// and model, over all clicks of that browser. It never refuses anybody; what cannot be used is named in the answer's
/// `evidence`. A code that the person typed (`code_source: "typed"`) comes first, and is refused when it cannot be
/// used. While the program is paused, codes are not looked at. Sending the same `external_id` and `email` again answers
/// with the user who is there, and decides nothing a second time. Where the settings require a code, a sign-up without
/// one that can be used is refused with `code_required`.
#[utoipa::path(post, operation_id = "createUser", path = "/users", tag = "users", request_body = NewUser,
    security(("key" = ["write"])),
    responses((status = 201, description = "The user with their code and link", body = UserBody),
              (status = 200, description = "The user who has joined before", body = UserBody)))]
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
    if let Some(user) = joined_before(&mut request.tx, new).await? {
        request.set_about(user);
        let body = user_body(&mut request.tx, state, user).await?;
        return Ok(request.done(state, StatusCode::OK, &body, &ChangeSet::default()).await?);
    }
    let form = create_user::NewUserForm {
        email: new.email.clone(),
        username: new.username.clone(),
        external_id: new.external_id.clone(),
        account_id: new.account_id.clone(),
        full_name: new.full_name.clone(),
        phone: new.phone.clone(),
        locale: new.locale.clone(),
        code: new.code.clone().unwrap_or_default(),
        typed: new.code_typed(),
        click_id: new.click_id.clone(),
        signed_up_at: new.signed_up_at.map(|at| at.0),
    };
    let settings = state.settings.get();
    let (user, changes) = create_user::run_in(&mut request.tx, state, &settings, &key.actor(), &form).await?;
    request.set_about(user);
    let body = user_body(&mut request.tx, state, user).await?;
    let answer = request.done(state, StatusCode::CREATED, &body, &changes).await?;
    metrics::counter!("passalong_signups_total").increment(1);
    Ok(answer)
}

/// The user whom both the host product's id and the e-mail name.
async fn joined_before(tx: &mut Tx, new: &NewUser) -> sqlx::Result<Option<UserId>> {
    let Some(external_id) = new.external_id.as_deref().map(str::trim).filter(|id| !id.is_empty()) else {
        return Ok(None);
    };
    let user = users::by_external_id(tx, external_id).await?;
    let same = |user: &UserRecord| Email::parse(&new.email).is_ok_and(|email| email.as_str() == user.email);
    Ok(user.filter(same).map(|user| user.id))
}

async fn user_body(tx: &mut Tx, state: &AppState, id: UserId) -> Result<UserBody, Problem> {
    let user = user_profiles::profile(tx, id).await?.ok_or(AppError::NotFound)?;
    let receipt = attributions::of_user(tx, id).await?;
    Ok(UserBody::of(user, receipt, &state.base_url))
}

/// List users
///
/// The newest first. Filters can be combined.
#[utoipa::path(get, operation_id = "listUsers", path = "/users", tag = "users", params(UsersQuery),
    security(("key" = ["read"])),
    responses((status = 200, description = "A page of users", body = Page<UserBody>)))]
pub async fn list(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    QueryParams(query): QueryParams<UsersQuery>,
) -> Result<Json<Page<UserBody>>, Problem> {
    let limit = PageParams::limit(query.limit)?;
    let after = PageParams::after(query.after.as_deref())?;
    // No address has anybody else's e-mail, and what is no address has nobody's.
    let email = match query.email.as_deref().map(Email::parse) {
        Some(Err(_)) => return Ok(Json(Page { data: vec![], next: None })),
        Some(Ok(email)) => Some(email),
        None => None,
    };
    let q = query.q.as_deref().map(search_form).filter(|q| !q.is_empty());
    let filter = UserFilter {
        email: email.as_ref().map(Email::as_str),
        external_id: query.external_id.as_deref(),
        account_id: query.account_id.as_deref(),
        q: q.as_deref(),
    };
    let mut tx = state.db.read().await?;
    let users = user_list::profiles(&mut tx, &filter, after.as_ref(), limit + 1).await?;
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let mut receipts = attributions::of_users(&mut tx, &ids).await?;
    let page = users.into_iter().map(|user| (receipts.remove(&user.id), user)).collect();
    let (rows, next) =
        split_page(page, usize::try_from(limit).unwrap_or_default(), |(_, user)| Cursor::of_id(user.id.0));
    let data = rows.into_iter().map(|(receipt, user)| UserBody::of(user, receipt, &state.base_url)).collect();
    Ok(Json(Page { data, next }))
}

/// Get a user
#[utoipa::path(get, operation_id = "getUser", path = "/users/{id}", tag = "users", params(("id" = String, Path,
    description = USER_REF)),
    security(("key" = ["read"])), responses((status = 200, description = "The user", body = UserBody)))]
pub async fn get(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(user): PathParam<UserRef>,
) -> Result<Json<UserBody>, Problem> {
    let mut tx = state.db.read().await?;
    let id = user.resolve(&mut tx).await?;
    user_body(&mut tx, &state, id).await.map(Json)
}

/// Update a user
///
/// Admins' accounts need a key with the scope `admin`.
#[utoipa::path(patch, operation_id = "updateUser", path = "/users/{id}", tag = "users", params(("id" = String, Path,
    description = USER_REF)), request_body = UserChanges,
    security(("key" = ["write"])), responses((status = 200, description = "The changed user", body = UserBody)))]
pub async fn change(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    PathParam(user): PathParam<UserRef>,
    JsonBody(changes): JsonBody<UserChanges>,
) -> Result<Json<UserBody>, Problem> {
    // What is null is taken away.
    let text = |given: Option<Option<String>>| given.map(Option::unwrap_or_default);
    let changes = update_user::UserChanges {
        email: changes.email,
        username: changes.username,
        external_id: text(changes.external_id),
        account_id: text(changes.account_id),
        full_name: text(changes.full_name),
        phone: text(changes.phone),
        locale: text(changes.locale),
        goal: changes.goal,
        admin: None,
        disabled: changes.disabled,
    };
    let id = user.resolve(&mut state.db.read().await?).await?;
    update_user::run(&state, &key.actor(), key.scope >= Some(Scope::Admin), id, &changes).await?;
    user_body(&mut state.db.read().await?, &state, id).await.map(Json)
}

/// Erase a user
///
/// The account and every name of theirs go; numbers and counters stay. It cannot be undone.
#[utoipa::path(delete, operation_id = "eraseUser", path = "/users/{id}", tag = "users", params(("id" = String, Path,
    description = USER_REF)), security(("key" = ["admin"])),
    responses((status = 204, description = "The user is gone")))]
pub async fn erase(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(user): PathParam<UserRef>,
) -> Result<StatusCode, Problem> {
    let id = user.resolve(&mut state.db.read().await?).await?;
    erase_user::run(&state, &key.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Correct a user's referral
///
/// Credits another code, one where there was none, or none. The use moves with it, within the code's limit; the
/// receipt shows both decisions.
#[utoipa::path(put, operation_id = "correctReferral", path = "/users/{id}/referral", tag = "users",
    params(("id" = String, Path, description = USER_REF)), request_body = ReferralCorrection,
    security(("key" = ["admin"])), responses((status = 200, description = "The corrected user", body = UserBody)))]
pub async fn correct_referral(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(user): PathParam<UserRef>,
    JsonBody(correction): JsonBody<ReferralCorrection>,
) -> Result<Json<UserBody>, Problem> {
    let id = user.resolve(&mut state.db.read().await?).await?;
    let code = correction.code.unwrap_or_default();
    correct_attribution::run(&state, &key.actor(), id, &code, &correction.reason, correction.keep_rewards).await?;
    user_body(&mut state.db.read().await?, &state, id).await.map(Json)
}

/// Get a user's statistics
///
/// Over all codes that credit them.
#[utoipa::path(get, operation_id = "getUserStats", path = "/users/{id}/stats", tag = "users", params(("id" = String,
    Path, description = USER_REF)),
    security(("key" = ["read"])), responses((status = 200, description = "The numbers", body = UserStats)))]
pub async fn stats(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(user): PathParam<UserRef>,
) -> Result<Json<UserStats>, Problem> {
    let mut tx = state.db.read().await?;
    let id = user.resolve(&mut tx).await?;
    let stats = counters::of_user(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let revenue = revenue::of_user(&mut tx, id).await?;
    Ok(Json(UserStats {
        clicks: stats.clicks,
        unique_clicks: stats.unique_clicks,
        signups: stats.signups,
        conversions: stats.conversions,
        revenue,
        goal: stats.goal,
        tier: None,
    }))
}

/// List a user's referrals
///
/// The latest first.
#[utoipa::path(get, operation_id = "listUserReferrals", path = "/users/{id}/referrals", tag = "users",
    params(("id" = String, Path, description = USER_REF), PageParams),
    security(("key" = ["read"])), responses((status = 200, description = "A page of referrals", body = Page<Referral>)))]
pub async fn referrals(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(user): PathParam<UserRef>,
    QueryParams(part): QueryParams<PageParams>,
) -> Result<Json<Page<Referral>>, Problem> {
    let limit = PageParams::limit(part.limit)?;
    let after = PageParams::after(part.after.as_deref())?;
    let mut tx = state.db.read().await?;
    let id = user.resolve(&mut tx).await?;
    users::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let rows = referrals::of_referrer(&mut tx, id, after.as_ref(), limit + 1).await?;
    Ok(Json(Page::of(rows, limit, view_models::referrals::Referral::cursor)))
}
