//! How far the creation of many codes is.

use crate::{
    domain::{codes::bulk::BulkCodesJob, ids::JobId},
    error::AppError,
    server::{
        state::AppState,
        store::jobs::{self, JobRecord},
    },
    view_models::bulk_codes::{BulkJob, JobState},
};

/// Jobs that are listed.
const LISTED: i64 = 10;

/// *Not found* where there is no such job.
pub async fn one(state: &AppState, id: JobId) -> Result<BulkJob, AppError> {
    let job = jobs::by_id(&mut state.db.read().await?, BulkCodesJob::KIND, id).await?;
    job.and_then(bulk_job).ok_or(AppError::NotFound)
}

/// Those that are not done first, then the latest.
pub async fn latest(state: &AppState) -> Result<Vec<BulkJob>, AppError> {
    let latest = jobs::latest(&mut state.db.read().await?, BulkCodesJob::KIND, LISTED).await?;
    Ok(latest.into_iter().filter_map(bulk_job).collect())
}

fn bulk_job(job: JobRecord) -> Option<BulkJob> {
    let BulkCodesJob { codes, .. } = serde_json::from_str(&job.payload).ok()?;
    Some(BulkJob {
        id: job.id,
        state: match job.state.as_str() {
            "done" => JobState::Done,
            "failed" => JobState::Failed,
            _ => JobState::Open,
        },
        done: job.done,
        total: job.total,
        problem: job.problem.unwrap_or_default(),
        prefix: codes.prefix,
        description: codes.shared.description,
        by: job.actor,
        created_at: job.created_at,
    })
}
