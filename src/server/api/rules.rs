//! Reward rules.

use crate::{
    domain::ids::RuleId,
    error::AppError,
    server::{
        actions::{
            authorize,
            rewards::{create_rule, delete_rule, update_rule},
        },
        api::{
            auth::{Admin, ApiKey, Read},
            bodies::{
                Page, PageParams,
                rule::{RuleBody, RuleFields},
            },
            extract::{JsonBody, PathParam, QueryParams},
            idempotency::{Claimed, IdempotentPost},
            problem::Problem,
        },
        errors::{TxError, retry_races},
        queries::rewards::rules,
        realtime::change_set::ChangeSet,
        state::AppState,
    },
    view_models::rewards::RuleView,
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// List reward rules
///
/// In the order in which they were made.
#[utoipa::path(get, operation_id = "listRules", path = "/rules", tag = "rules", params(PageParams),
    security(("key" = ["read"])),
    responses((status = 200, description = "A page of rules", body = Page<RuleView>)))]
pub async fn list(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    QueryParams(part): QueryParams<PageParams>,
) -> Result<Json<Page<RuleView>>, Problem> {
    let limit = PageParams::limit(part.limit)?;
    let after = PageParams::after(part.after.as_deref())?;
    let mut rows = rules::all(&mut state.db.read().await?).await?;
    rows.retain(|rule| after.as_ref().is_none_or(|after| rule.id.0 > after.id));
    rows.truncate(usize::try_from(limit + 1).unwrap_or_default());
    Ok(Json(Page::of(rows, limit, RuleView::cursor)))
}

/// Create a reward rule
///
/// It gives rewards for what happens from now on.
#[utoipa::path(post, operation_id = "createRule", path = "/rules", tag = "rules", request_body = RuleBody,
    security(("key" = ["admin"])),
    responses((status = 201, description = "The rule", body = RuleView)))]
pub async fn create(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    post: IdempotentPost<RuleFields>,
) -> Result<Response, Problem> {
    retry_races(|| make(&key, &state, &post)).await
}

async fn make(
    key: &ApiKey<Admin>,
    state: &AppState,
    post: &IdempotentPost<RuleFields>,
) -> Result<Response, TxError<Problem>> {
    let mut request = match post.begin(state, key).await? {
        Claimed::Before(answer) => return Ok(answer),
        Claimed::Now(request) => request,
    };
    let now = state.clock.now();
    let id = create_rule::run_in(&mut request.tx, &key.actor(), &post.body.0, now).await?;
    let body = rules::one(&mut request.tx, id).await?.ok_or_else(|| Problem::from(AppError::NotFound))?;
    Ok(request.done(state, StatusCode::CREATED, &body, &ChangeSet::default()).await?)
}

/// Get a reward rule
#[utoipa::path(get, operation_id = "getRule", path = "/rules/{id}", tag = "rules", params(("id" = i64, Path,
    description = "The rule's id")),
    security(("key" = ["read"])), responses((status = 200, description = "The rule", body = RuleView)))]
pub async fn get(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<Json<RuleView>, Problem> {
    let found = rules::one(&mut state.db.read().await?, RuleId(id)).await?;
    Ok(Json(found.ok_or(AppError::NotFound)?))
}

/// Update a reward rule
///
/// Rewards that were made stay as they are: the change is a new version.
#[utoipa::path(patch, operation_id = "updateRule", path = "/rules/{id}", tag = "rules", params(("id" = i64, Path,
    description = "The rule's id")),
    request_body = RuleBody, security(("key" = ["admin"])),
    responses((status = 200, description = "The changed rule", body = RuleView)))]
pub async fn change(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
    JsonBody(fields): JsonBody<RuleFields>,
) -> Result<Json<RuleView>, Problem> {
    retry_races(|| async {
        let actor = key.actor();
        let mut tx = authorize::begin(&state.db, &actor).await?;
        update_rule::run_in(&mut tx, &actor, RuleId(id), &fields.0, state.clock.now()).await?;
        let rule = rules::one(&mut tx, RuleId(id)).await?.ok_or(AppError::NotFound)?;
        state.publisher.commit_and_publish(tx, &ChangeSet::default()).await?;
        Ok::<_, TxError>(Json(rule))
    })
    .await
    .map_err(Problem::from)
}

/// Delete a reward rule
///
/// It gives nothing more; rewards that were made stay as they are.
#[utoipa::path(delete, operation_id = "deleteRule", path = "/rules/{id}", tag = "rules", params(("id" = i64, Path,
    description = "The rule's id")),
    security(("key" = ["admin"])), responses((status = 204, description = "It is deleted")))]
pub async fn delete(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<StatusCode, Problem> {
    retry_races(|| async {
        let actor = key.actor();
        let mut tx = authorize::begin(&state.db, &actor).await?;
        delete_rule::run_in(&mut tx, &actor, RuleId(id), state.clock.now()).await?;
        state.publisher.commit_and_publish(tx, &ChangeSet::default()).await?;
        Ok::<_, TxError>(StatusCode::NO_CONTENT)
    })
    .await
    .map_err(Problem::from)
}
