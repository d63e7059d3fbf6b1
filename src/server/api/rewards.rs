//! Rewards and balances.

use crate::{
    domain::ids::{RewardId, UserId},
    error::AppError,
    server::{
        actions::rewards::{
            approve_rewards, choose_option, mark_delivered, redeem_reward,
            use_balance::{self, UseInput},
            void_rewards,
        },
        api::{
            auth::{Admin, ApiKey, Read, Write},
            bodies::{
                Page, PageParams,
                reward::{Balances, Choice, NewUse, Nothing, Redemption, RewardsQuery, Voiding},
            },
            extract::{PathParam, QueryParams, UserRef},
            idempotency::{Claimed, IdempotentPost},
            problem::Problem,
            users::USER_REF,
        },
        errors::retry_races,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            reward_balances,
            reward_list::{self, RewardFilter},
            reward_uses, users,
        },
    },
    view_models::rewards::{BalanceUse, RewardView, Taken},
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// List rewards
///
/// The latest first.
#[utoipa::path(get, operation_id = "listRewards", path = "/rewards", tag = "rewards", params(RewardsQuery),
    security(("key" = ["read"])),
    responses((status = 200, description = "A page of rewards", body = Page<RewardView>)))]
pub async fn list(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    QueryParams(query): QueryParams<RewardsQuery>,
) -> Result<Json<Page<RewardView>>, Problem> {
    let filter = RewardFilter {
        state: query.state,
        kind: query.kind,
        user: query.user_id.map(UserId),
        account: query.account_id,
        delivery: query.delivery,
        ..RewardFilter::default()
    };
    page(&state, &filter, query.limit, query.after.as_deref()).await
}

/// List a user's rewards
///
/// The latest first.
#[utoipa::path(get, operation_id = "listUserRewards", path = "/users/{id}/rewards", tag = "rewards",
    params(("id" = String, Path, description = USER_REF), PageParams), security(("key" = ["read"])),
    responses((status = 200, description = "A page of rewards", body = Page<RewardView>)))]
pub async fn of_user(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(user): PathParam<UserRef>,
    QueryParams(part): QueryParams<PageParams>,
) -> Result<Json<Page<RewardView>>, Problem> {
    let mut tx = state.db.read().await?;
    let id = user.resolve(&mut tx).await?;
    users::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    let filter = RewardFilter { user: Some(id), ..RewardFilter::default() };
    page(&state, &filter, part.limit, part.after.as_deref()).await
}

async fn page(
    state: &AppState,
    filter: &RewardFilter,
    limit: Option<i64>,
    after: Option<&str>,
) -> Result<Json<Page<RewardView>>, Problem> {
    let (limit, after) = (PageParams::limit(limit)?, PageParams::after(after)?);
    let now = state.clock.now();
    let rows = reward_list::page(&mut state.db.read().await?, filter, after.as_ref(), limit + 1, now).await?;
    let rows: Vec<RewardView> = rows.into_iter().map(|row| row.reward).collect();
    Ok(Json(Page::of(rows, limit, RewardView::cursor)))
}

/// Get a reward
#[utoipa::path(get, operation_id = "getReward", path = "/rewards/{id}", tag = "rewards", params(("id" = i64, Path,
    description = "The reward's id")),
    security(("key" = ["read"])), responses((status = 200, description = "The reward", body = RewardView)))]
pub async fn get(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<Json<RewardView>, Problem> {
    let found = reward_list::by_id(&mut state.db.read().await?, RewardId(id), state.clock.now()).await?;
    Ok(Json(found.ok_or(AppError::NotFound)?.reward))
}

/// Redeem a reward
///
/// Uses all that is left of it, once. The same `source_id` again changes nothing.
#[utoipa::path(post, operation_id = "redeemReward", path = "/rewards/{id}/redeem", tag = "rewards",
    params(("id" = i64, Path, description = "The reward's id")),
    request_body = Redemption, security(("key" = ["write"])),
    responses((status = 200, description = "The reward", body = RewardView)))]
pub async fn redeem(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    post: IdempotentPost<Redemption>,
) -> Result<Response, Problem> {
    take(&key, &state, RewardId(id), &post, Step::Redeem { source: post.body.source_id.as_deref() }).await
}

/// Choose one of several rewards
///
/// Makes the rewards of the option. It can be picked once, before or after the hold.
#[utoipa::path(post, operation_id = "chooseReward", path = "/rewards/{id}/choose", tag = "rewards",
    params(("id" = i64, Path, description = "The choice's id")),
    request_body = Choice, security(("key" = ["write"])),
    responses((status = 200, description = "The choice, with what was picked", body = RewardView)))]
pub async fn choose(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    post: IdempotentPost<Choice>,
) -> Result<Response, Problem> {
    take(&key, &state, RewardId(id), &post, Step::Choose { option: &post.body.option }).await
}

/// Approve a reward
///
/// One whose rule asks for approval goes on when its hold is over.
#[utoipa::path(post, operation_id = "approveReward", path = "/rewards/{id}/approve", tag = "rewards",
    params(("id" = i64, Path, description = "The reward's id")),
    request_body = Nothing, security(("key" = ["admin"])),
    responses((status = 200, description = "The reward", body = RewardView)))]
pub async fn approve(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    post: IdempotentPost<Nothing>,
) -> Result<Response, Problem> {
    take(&key, &state, RewardId(id), &post, Step::Approve).await
}

/// Void a reward
///
/// For good. What was used already has to be paid back.
#[utoipa::path(post, operation_id = "voidReward", path = "/rewards/{id}/void", tag = "rewards", params(("id" = i64,
    Path, description = "The reward's id")),
    request_body = Voiding, security(("key" = ["admin"])),
    responses((status = 200, description = "The reward", body = RewardView)))]
pub async fn void(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    post: IdempotentPost<Voiding>,
) -> Result<Response, Problem> {
    take(&key, &state, RewardId(id), &post, Step::Void { reason: &post.body.reason }).await
}

/// Mark a reward as delivered
///
/// The host product has given it to its recipient.
#[utoipa::path(post, operation_id = "markRewardDelivered", path = "/rewards/{id}/delivered", tag = "rewards",
    params(("id" = i64, Path, description = "The reward's id")),
    request_body = Nothing, security(("key" = ["write"])),
    responses((status = 200, description = "The reward", body = RewardView)))]
pub async fn delivered(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    post: IdempotentPost<Nothing>,
) -> Result<Response, Problem> {
    take(&key, &state, RewardId(id), &post, Step::Deliver).await
}

/// What is done with a reward.
#[derive(Clone, Copy)]
enum Step<'a> {
    Redeem { source: Option<&'a str> },
    Choose { option: &'a str },
    Approve,
    Void { reason: &'a str },
    Deliver,
}

/// Does it, and answers how the reward is then.
async fn take<N: Sync, T: Sync>(
    key: &ApiKey<N>,
    state: &AppState,
    id: RewardId,
    post: &IdempotentPost<T>,
    step: Step<'_>,
) -> Result<Response, Problem> {
    retry_races(|| async {
        let mut request = match post.begin(state, key).await? {
            Claimed::Before(answer) => return Ok(answer),
            Claimed::Now(request) => request,
        };
        let (tx, actor, now, mut changes) = (&mut request.tx, key.actor(), state.clock.now(), ChangeSet::default());
        match step {
            Step::Redeem { source } => redeem_reward::run_in(tx, id, source, now, &mut changes).await?,
            Step::Choose { option } => choose_option::run_in(tx, id, option, now, &mut changes).await?,
            Step::Approve => approve_rewards::run_in(tx, &actor, &[id], now, &mut changes).await?,
            Step::Void { reason } => void_rewards::run_in(tx, &actor, &[id], reason, now, &mut changes).await?,
            Step::Deliver => mark_delivered::run_in(tx, id, now, &mut changes).await?,
        }
        let found = reward_list::by_id(&mut request.tx, id, now).await?;
        let body = found.ok_or_else(|| Problem::from(AppError::NotFound))?.reward;
        Ok(request.done(state, StatusCode::OK, &body, &changes).await?)
    })
    .await
}

/// Get a user's balances
///
/// What they have of each kind, unit and currency.
#[utoipa::path(get, operation_id = "getUserBalances", path = "/users/{id}/balances", tag = "rewards",
    params(("id" = String, Path, description = USER_REF)),
    security(("key" = ["read"])), responses((status = 200, description = "The balances", body = Balances)))]
pub async fn balances(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(user): PathParam<UserRef>,
) -> Result<Json<Balances>, Problem> {
    let mut tx = state.db.read().await?;
    let id = user.resolve(&mut tx).await?;
    users::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    Ok(Json(Balances { data: reward_balances::of_user(&mut tx, id, state.clock.now()).await? }))
}

/// Use part of a balance
///
/// What ends first is used first. The same `source_id` again changes nothing and is answered with 200.
#[utoipa::path(post, operation_id = "useUserBalance", path = "/users/{id}/balances/{kind}/use", tag = "rewards",
    params(("id" = String, Path, description = USER_REF), ("kind" = String, Path, description = "A kind of rewards")),
    request_body = NewUse, security(("key" = ["write"])),
    responses((status = 201, description = "The use", body = BalanceUse),
              (status = 200, description = "The use, which was known", body = BalanceUse)))]
pub async fn use_balance(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    PathParam((user, kind)): PathParam<(UserRef, String)>,
    post: IdempotentPost<NewUse>,
) -> Result<Response, Problem> {
    retry_races(|| async {
        let mut request = match post.begin(&state, &key).await? {
            Claimed::Before(answer) => return Ok(answer),
            Claimed::Now(request) => request,
        };
        let id = user.resolve(&mut request.tx).await?;
        users::by_id(&mut request.tx, id).await?.ok_or_else(|| Problem::from(AppError::NotFound))?;
        let input = UseInput {
            user: id,
            kind: &kind,
            amount: post.body.amount,
            source_id: &post.body.source_id,
            currency: post.body.currency.as_deref().map(str::trim).filter(|text| !text.is_empty()),
            unit: post.body.unit.as_deref().map(str::trim).filter(|text| !text.is_empty()),
        };
        let (now, mut changes) = (state.clock.now(), ChangeSet::default());
        let (used, new) = use_balance::run_in(&mut request.tx, &input, now, &mut changes).await?;
        let taken = reward_uses::taken(&mut request.tx, used.id).await?;
        let body = BalanceUse {
            id: used.id.0,
            kind: used.kind,
            unit: used.unit,
            currency: used.currency,
            amount: used.amount,
            source_id: used.source_id,
            used_at: used.used_at,
            taken: taken.into_iter().map(|(reward_id, amount)| Taken { reward_id, amount }).collect(),
        };
        let status = if new { StatusCode::CREATED } else { StatusCode::OK };
        Ok(request.done(&state, status, &body, &changes).await?)
    })
    .await
}
