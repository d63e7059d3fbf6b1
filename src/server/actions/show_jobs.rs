//! How far the making of many codes is.

use super::super::{
    jobs::{Job, make_codes::KIND},
    state::Server,
    store::jobs::{self, JobRecord},
};
use crate::{
    domain::ids::JobId,
    error::AppError,
    functions::bulk::{BulkJob, JobState},
};

/// Jobs that are listed.
const LISTED: i64 = 10;

/// *Not found* where there is no such job.
pub async fn one(server: &Server, id: JobId) -> Result<BulkJob, AppError> {
    let job = jobs::by_id(&mut server.db.read().await?, KIND, id).await?;
    job.and_then(shown).ok_or(AppError::NotFound)
}

/// Those that are not done first, then the latest.
pub async fn latest(server: &Server) -> Result<Vec<BulkJob>, AppError> {
    let latest = jobs::latest(&mut server.db.read().await?, KIND, LISTED).await?;
    Ok(latest.into_iter().filter_map(shown).collect())
}

fn shown(job: JobRecord) -> Option<BulkJob> {
    let Job::MakeCodes(order) = serde_json::from_str(&job.work).ok()?;
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
        prefix: order.codes.prefix,
        description: order.codes.shared.description,
        by: job.actor,
        created_at: job.created_at,
    })
}
