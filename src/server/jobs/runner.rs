//! The loop: takes a job, does it, takes the next.

use crate::{
    domain::{codes::bulk::BulkCodesJob, message::Message},
    server::{
        jobs::{JobError, LEASE, create_bulk_codes},
        state::AppState,
        store::jobs::{self, JobRecord},
    },
};
use std::time::Duration;

/// How often an instance looks for jobs that nobody told it about.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// How often a job is begun before it counts as failed.
const MAX_LEASES: i64 = 10;

/// Works until the server stops.
pub async fn run(state: AppState) {
    loop {
        match next(&state).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "jobs cannot be taken"),
        }
        tokio::select! {
            () = state.new_job.notified() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
            () = state.shutdown.cancelled() => return,
        }
    }
}

/// Takes the oldest free job and does it; `false` when there was none.
async fn next(state: &AppState) -> sqlx::Result<bool> {
    let now = state.clock.now();
    if !jobs::any_free(&mut state.db.read().await?, now).await? {
        return Ok(false);
    }
    let mut tx = state.db.begin().await?;
    let taken = jobs::take(&mut tx, now, now.plus(LEASE)).await?;
    tx.commit().await?;
    let Some(job) = taken else { return Ok(false) };
    match perform(state, &job).await {
        Ok(()) => tracing::info!(job = %job.id, "a job is done"),
        Err(JobError::Lost) => tracing::warn!(job = %job.id, "a job was taken over by another instance"),
        Err(JobError::Failed(why)) => {
            tracing::warn!(job = %job.id, ?why, "a job failed");
            if let Err(JobError::Database(error)) = give_up(state, &job, &why).await {
                return Err(error);
            }
        }
        Err(JobError::Database(error)) => tracing::error!(job = %job.id, %error, "a job is tried again later"),
    }
    Ok(true)
}

async fn perform(state: &AppState, job: &JobRecord) -> Result<(), JobError> {
    if job.lease > MAX_LEASES {
        return Err(JobError::Failed(Message::JobNeverEnds));
    }
    match (job.kind.as_str(), serde_json::from_str(&job.payload)) {
        (BulkCodesJob::KIND, Ok(request)) => create_bulk_codes::run(state, job, &request).await,
        _ => Err(JobError::Failed(Message::JobUnknown)),
    }
}

/// Takes back what the job has done so far, then says why.
async fn give_up(state: &AppState, job: &JobRecord, why: &Message) -> Result<(), JobError> {
    create_bulk_codes::undo(state, job).await?;
    let mut tx = state.db.begin().await?;
    let why = serde_json::to_string(why).unwrap_or_default();
    jobs::end(&mut tx, job, Some(&why), state.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}
