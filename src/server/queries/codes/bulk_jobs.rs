//! How far the creation of many codes is.

use crate::{
    domain::{codes::bulk::BulkCodesJob, ids::JobId, message::Message},
    error::AppError,
    server::{
        state::AppState,
        store::jobs::{self, JobRecord},
    },
    text::Texts,
    view_models::bulk_codes::{BulkJob, JobState},
};

/// Jobs that are listed.
const LISTED: i64 = 10;

/// *Not found* where there is no such job.
pub(crate) async fn one(state: &AppState, id: JobId, texts: &Texts) -> Result<BulkJob, AppError> {
    let job = jobs::by_id(&mut state.db.read().await?, BulkCodesJob::KIND, id).await?;
    job.and_then(|job| bulk_job(job, texts)).ok_or(AppError::NotFound)
}

/// Those that are not done first, then the latest.
pub(crate) async fn latest(state: &AppState, texts: &Texts) -> Result<Vec<BulkJob>, AppError> {
    let latest = jobs::latest(&mut state.db.read().await?, BulkCodesJob::KIND, LISTED).await?;
    Ok(latest.into_iter().filter_map(|job| bulk_job(job, texts)).collect())
}

fn bulk_job(job: JobRecord, texts: &Texts) -> Option<BulkJob> {
    let BulkCodesJob { codes, .. } = serde_json::from_str(&job.payload).ok()?;
    // What cannot be read was written by another version.
    let problem = job.problem.map(|problem| serde_json::from_str(&problem).unwrap_or(Message::JobUnknown));
    Some(BulkJob {
        id: job.id,
        state: match job.state.as_str() {
            "done" => JobState::Done,
            "failed" => JobState::Failed,
            _ => JobState::Open,
        },
        done: job.done,
        total: job.total,
        problem: problem.map(|problem| texts.message(&problem)).unwrap_or_default(),
        prefix: codes.prefix,
        description: codes.shared.description,
        by: job.actor,
        created_at: job.created_at,
    })
}
