//! Users of the host product: joining, changing, erasing, and what they have brought.

use super::{
    bodies::{
        Money, Page, Part,
        user::{NewUser, Referral, UserBody, UserChanges, UserStats},
    },
    codes::{read_place, write_place},
    input::{At, Body, Params},
    key::{Admin, ApiKey, Read, Write},
    once::{Posted, Turn},
    problem::Problem,
};
use crate::{
    domain::{api_key::Scope, ids::UserId},
    error::AppError,
    server::{
        actions::{add_user, edit_user, erase_user, join::Stopped},
        state::Server,
        store::{Tx, attributions, counters, histories, members},
    },
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// Tries when another transaction was in the way.
const TRIES: usize = 5;

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
    State(server): State<Server>,
    post: Posted<NewUser>,
) -> Result<Response, Problem> {
    let mut tries = 1;
    loop {
        match join(&key, &server, &post).await {
            Err(Failed::Stopped(stopped)) if tries < TRIES && stopped.was_a_race() => tries += 1,
            Err(Failed::Stopped(stopped)) => return Err(stopped.into()),
            Err(Failed::Told(problem)) => return Err(problem),
            Ok(answer) => return Ok(answer),
        }
    }
}

/// Why nobody joined.
enum Failed {
    Stopped(Stopped),
    Told(Problem),
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self::Told(problem)
    }
}

impl From<Stopped> for Failed {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped)
    }
}

async fn join(key: &ApiKey<Write>, server: &Server, post: &Posted<NewUser>) -> Result<Response, Failed> {
    let mut work = match post.begin(server, key).await? {
        Turn::Before(answer) => return Ok(answer),
        Turn::Now(work) => work,
    };
    let new = &post.body;
    let form = add_user::Form {
        email: new.email.clone(),
        username: new.username.clone(),
        external_id: new.external_id.clone(),
        full_name: new.full_name.clone(),
        phone: new.phone.clone(),
        code: new.code.clone().unwrap_or_default(),
        click: new.click_id,
    };
    let program = server.program.get();
    let (user, change) = add_user::within(&mut work.tx, server, &program, &key.actor(), &form).await?;
    let body = shown(&mut work.tx, server, user).await?;
    let answer = work.done(server, StatusCode::CREATED, &body, &change).await?;
    metrics::counter!("passalong_signups_total").increment(1);
    Ok(answer)
}

async fn shown(tx: &mut Tx, server: &Server, id: UserId) -> Result<UserBody, Problem> {
    let user = members::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
    let receipt = attributions::of_user(tx, id).await?;
    Ok(UserBody::of(user, receipt, &server.base_url))
}

/// Get a user
#[utoipa::path(get, path = "/users/{id}", tag = "users", params(("id" = i64, Path)), security(("key" = ["read"])),
    responses((status = 200, description = "The user", body = UserBody)))]
pub async fn get(_: ApiKey<Read>, State(server): State<Server>, At(id): At<i64>) -> Result<Json<UserBody>, Problem> {
    shown(&mut server.db.read().await?, &server, UserId(id)).await.map(Json)
}

/// Get a user by the host product's id
#[utoipa::path(get, path = "/users/by-external-id/{external_id}", tag = "users",
    params(("external_id" = String, Path)), security(("key" = ["read"])),
    responses((status = 200, description = "The user", body = UserBody)))]
pub async fn get_by_external_id(
    _: ApiKey<Read>,
    State(server): State<Server>,
    At(external_id): At<String>,
) -> Result<Json<UserBody>, Problem> {
    let mut tx = server.db.read().await?;
    let user = members::by_external_id(&mut tx, &external_id).await?.ok_or(AppError::NotFound)?;
    let receipt = attributions::of_user(&mut tx, user.id).await?;
    Ok(Json(UserBody::of(user, receipt, &server.base_url)))
}

/// Change a user
///
/// Admins' accounts need a key with the scope `admin`.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", params(("id" = i64, Path)), request_body = UserChanges,
    security(("key" = ["write"])), responses((status = 200, description = "The changed user", body = UserBody)))]
pub async fn change(
    key: ApiKey<Write>,
    State(server): State<Server>,
    At(id): At<i64>,
    Body(changes): Body<UserChanges>,
) -> Result<Json<UserBody>, Problem> {
    // What is null is taken away.
    let text = |given: Option<Option<String>>| given.map(Option::unwrap_or_default);
    let edit = edit_user::Edit {
        email: changes.email,
        username: changes.username,
        external_id: text(changes.external_id),
        full_name: text(changes.full_name),
        phone: text(changes.phone),
        goal: changes.goal,
        disabled: changes.disabled,
    };
    edit_user::run(&server, &key.actor(), key.scope >= Scope::Admin, UserId(id), &edit).await?;
    shown(&mut server.db.read().await?, &server, UserId(id)).await.map(Json)
}

/// Erase a user
///
/// The account and every name of theirs go; numbers and counters stay. It cannot be undone.
#[utoipa::path(delete, path = "/users/{id}", tag = "users", params(("id" = i64, Path)), security(("key" = ["admin"])),
    responses((status = 204, description = "The user is gone")))]
pub async fn erase(key: ApiKey<Admin>, State(server): State<Server>, At(id): At<i64>) -> Result<StatusCode, Problem> {
    erase_user::run(&server, &key.actor(), UserId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get a user's numbers
///
/// Over all codes that credit them.
#[utoipa::path(get, path = "/users/{id}/stats", tag = "users", params(("id" = i64, Path)),
    security(("key" = ["read"])), responses((status = 200, description = "The numbers", body = UserStats)))]
pub async fn stats(_: ApiKey<Read>, State(server): State<Server>, At(id): At<i64>) -> Result<Json<UserStats>, Problem> {
    let mut tx = server.db.read().await?;
    let stats = counters::of_user(&mut tx, UserId(id)).await?.ok_or(AppError::NotFound)?;
    let amount = counters::revenue_of(&mut tx, UserId(id)).await?;
    Ok(Json(UserStats {
        clicks: stats.clicks,
        unique_clicks: stats.unique_clicks,
        signups: stats.signups,
        conversions: stats.conversions,
        revenue: Money { amount, currency: server.program.get().currency.clone() },
        goal: stats.goal,
        tier: None,
    }))
}

/// List whom a user brought
///
/// The latest first.
#[utoipa::path(get, path = "/users/{id}/referrals", tag = "users", params(("id" = i64, Path), Part),
    security(("key" = ["read"])), responses((status = 200, description = "A page of referrals", body = Page<Referral>)))]
pub async fn referrals(
    _: ApiKey<Read>,
    State(server): State<Server>,
    At(id): At<i64>,
    Params(part): Params<Part>,
) -> Result<Json<Page<Referral>>, Problem> {
    let limit = Part::limit(part.limit)?;
    let after = Part::place(part.after.as_deref(), histories::FIRST, read_place)?;
    let mut tx = server.db.read().await?;
    members::by_id(&mut tx, UserId(id)).await?.ok_or(AppError::NotFound)?;
    let rows = histories::of_referrer(&mut tx, UserId(id), after, limit + 1).await?;
    Ok(Json(Page::of(rows, limit, |row| write_place(row.place()), Referral::from)))
}
