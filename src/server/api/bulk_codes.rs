//! Many codes at once: asked for here, made in the background.

use crate::{
    domain::{
        codes::{
            bulk::{BulkRequest, default_length},
            campaign::CampaignFields,
        },
        ids::{JobId, UserId},
    },
    error::AppError,
    server::{
        actions::codes::{create_code, request_bulk_codes},
        api::{
            auth::{ApiKey, Read, Write},
            bodies::bulk_codes::{BulkBody, NewBulk},
            extract::PathParam,
            idempotency::{Claimed, IdempotentPost},
            problem::Problem,
        },
        queries::codes::bulk_jobs,
        realtime::change_set::ChangeSet,
        state::AppState,
    },
    text::english,
    view_models::bulk_codes::JobState,
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// Create campaign codes in bulk
///
/// Up to 100,000, all of them or none, in the background: ask for the job by its `id` until its `state` is `done`, then
/// list the codes with `?bulk_id=`.
#[utoipa::path(post, operation_id = "createBulkCodes", path = "/codes/bulk", tag = "codes", request_body = NewBulk,
    security(("key" = ["write"])),
    responses((status = 202, description = "The job", body = BulkBody)))]
pub async fn create(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    post: IdempotentPost<NewBulk>,
) -> Result<Response, Problem> {
    let now = state.clock.now();
    let mut request = match post.begin(&state, &key).await? {
        Claimed::Before(answer) => return Ok(answer),
        Claimed::Now(request) => request,
    };
    let new = &post.body;
    let length = new.length.unwrap_or_else(|| default_length(&state.settings.get()));
    let length = usize::try_from(length).ok();
    let prefix = new.prefix.as_deref().unwrap_or_default();
    let codes = BulkRequest::of(prefix, length, Some(new.count), CampaignFields::of(&new.input("", now), now, None))
        .map_err(AppError::Invalid)?;
    let total = codes.count;
    let beneficiary = create_code::beneficiary_by_id(&mut request.tx, new.beneficiary_id.map(UserId)).await?;
    let id = request_bulk_codes::run_in(&mut request.tx, &key.actor(), codes, beneficiary, now).await?;
    let body = BulkBody { id: id.0, state: JobState::Open.into(), done: 0, total, problem: None };
    let answer = request.done(&state, StatusCode::ACCEPTED, &body, &ChangeSet::default()).await?;
    state.new_job.send_replace(());
    Ok(answer)
}

/// Get a bulk job
#[utoipa::path(get, operation_id = "getBulkCodes", path = "/codes/bulk/{id}", tag = "codes", params(("id" = i64,
    Path)), security(("key" = ["read"])),
    responses((status = 200, description = "How far it is", body = BulkBody)))]
pub async fn get(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<Json<BulkBody>, Problem> {
    let job = bulk_jobs::one(&state, JobId(id), &english()).await?;
    let problem = Some(job.problem).filter(|problem| !problem.is_empty());
    Ok(Json(BulkBody { id: job.id.0, state: job.state.into(), done: job.done, total: job.total, problem }))
}
