//! How far the creation of many codes is.

use crate::{
    domain::{codes::bulk::BulkCodesJob, ids::JobId, job::JobPayload},
    error::AppError,
    server::{
        state::AppState,
        store::{bulk_codes, job_list, jobs::JobRecord},
    },
    text::Texts,
    view_models::bulk_codes::{BatchCodes, BatchPageData, BulkJob, JobState},
};

/// Jobs that are listed.
const LISTED: i64 = 10;

/// *Not found* where there is no such job.
pub(crate) async fn one(state: &AppState, id: JobId, texts: &Texts) -> Result<BulkJob, AppError> {
    let job = job_list::by_id(&mut state.db.read().await?, id).await?;
    job.filter(|job| job.kind == BulkCodesJob::KIND).and_then(|job| bulk_job(job, texts)).ok_or(AppError::NotFound)
}

/// A job with the codes that it created, as they are now.
pub(crate) async fn batch(state: &AppState, id: JobId, texts: &Texts) -> Result<BatchPageData, AppError> {
    let job = one(state, id, texts).await?;
    let codes = match job.state {
        JobState::Done => bulk_codes::counts(&mut state.db.read().await?, id).await?,
        JobState::Open | JobState::Failed => BatchCodes::default(),
    };
    Ok(BatchPageData { job, codes })
}

/// Those that are not done first, then the latest.
pub(crate) async fn latest(state: &AppState, texts: &Texts) -> Result<Vec<BulkJob>, AppError> {
    let latest = job_list::latest(&mut state.db.read().await?, BulkCodesJob::KIND, LISTED).await?;
    Ok(latest.into_iter().filter_map(|job| bulk_job(job, texts)).collect())
}

/// What pages show of a job.
pub(super) fn bulk_job(job: JobRecord, texts: &Texts) -> Option<BulkJob> {
    let BulkCodesJob { codes, .. } = serde_json::from_str(&job.payload).ok()?;
    let state = match job.state.as_str() {
        "done" => JobState::Done,
        "failed" => JobState::Failed,
        _ => JobState::Open,
    };
    let problem = job.problem().filter(|_| state == JobState::Failed);
    Some(BulkJob {
        id: job.id,
        state,
        done: job.done,
        total: job.total,
        problem: problem.map(|problem| texts.message(&problem)).unwrap_or_default(),
        prefix: codes.prefix,
        description: codes.shared.description,
        by: job.actor,
        created_at: job.created_at,
    })
}
