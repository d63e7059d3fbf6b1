//! Many codes at once: asked for here, made in the background.

use super::{
    bodies::bulk::{BulkBody, NewBulk},
    input::At,
    key::{ApiKey, Read, Write},
    once::{Posted, Turn},
    problem::Problem,
};
use crate::{
    domain::{
        bulk::{LENGTH, Order},
        campaign::{Draft, LIFE, MAX_USES, Wish},
        ids::{JobId, UserId},
    },
    error::AppError,
    functions::bulk::JobState,
    server::{
        actions::{create_code, order_codes, show_jobs},
        relay::Change,
        state::Server,
    },
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// Make many campaign codes
///
/// Up to 100,000, all of them or none, in the background: ask for the order by its `id` until its `state` is `done`, then
/// list the codes with `?bulk_id=`.
#[utoipa::path(post, path = "/codes/bulk", tag = "codes", request_body = NewBulk, security(("key" = ["write"])),
    responses((status = 202, description = "The order", body = BulkBody)))]
pub async fn create(
    key: ApiKey<Write>,
    State(server): State<Server>,
    post: Posted<NewBulk>,
) -> Result<Response, Problem> {
    let now = server.clock.now();
    let mut work = match post.begin(&server, &key).await? {
        Turn::Before(answer) => return Ok(answer),
        Turn::Now(work) => work,
    };
    let new = &post.body;
    let wish = Wish {
        code: "",
        description: &new.description,
        category: new.category.as_deref().unwrap_or_default(),
        max_uses: Some(new.max_uses.unwrap_or(MAX_USES)),
        expires_at: new.expires_at.map_or(Some(now.plus(LIFE)), |given| given.map(|at| at.0)),
        active: new.active.unwrap_or(true),
    };
    let length = usize::try_from(new.length.unwrap_or(LENGTH as i64)).ok();
    let prefix = new.prefix.as_deref().unwrap_or_default();
    let order = Order::of(prefix, length, Some(new.count), Draft::of(&wish, now, None)).map_err(AppError::Invalid)?;
    let total = order.count;
    let beneficiary = create_code::beneficiary_by_id(&mut work.tx, new.beneficiary_id.map(UserId)).await?;
    let id = order_codes::within(&mut work.tx, &key.actor(), order, beneficiary, now).await?;
    let body = BulkBody { id: id.0, state: JobState::Open.into(), done: 0, total, problem: None };
    let answer = work.done(&server, StatusCode::ACCEPTED, &body, &Change::default()).await?;
    server.new_job.notify_one();
    Ok(answer)
}

/// Get an order of many codes
#[utoipa::path(get, path = "/codes/bulk/{id}", tag = "codes", params(("id" = i64, Path)), security(("key" = ["read"])),
    responses((status = 200, description = "How far it is", body = BulkBody)))]
pub async fn get(_: ApiKey<Read>, State(server): State<Server>, At(id): At<i64>) -> Result<Json<BulkBody>, Problem> {
    let job = show_jobs::one(&server, JobId(id)).await?;
    let problem = Some(job.problem).filter(|problem| !problem.is_empty());
    Ok(Json(BulkBody { id: job.id.0, state: job.state.into(), done: job.done, total: job.total, problem }))
}
