//! The workers: each takes a job, does it, takes the next.

use crate::{
    domain::{job::retry_delay, message::Message},
    server::{
        jobs::{
            job::{ATTEMPTS, JobContext, JobError, Kind, LEASE},
            recurring,
        },
        state::AppState,
        store::jobs::{self, JobRecord},
    },
};
use futures::{FutureExt, future::BoxFuture};
use std::{convert::Infallible, panic::AssertUnwindSafe, time::Duration};

/// How often a worker looks for jobs that nobody told it about.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// How often a lease is renewed while its job goes on: well before it ends.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(3);

/// The workers of an instance, by how many steps a job may have that they take: one leaves the long ones to the other,
/// so that short ones never wait for them.
pub const WORKERS: [i64; 2] = [i64::MAX, 1];

/// Works until the server stops, on jobs of so many steps at most.
pub async fn run(state: AppState, kinds: &'static [Kind], most_steps: i64) {
    let mut new_job = state.new_job.subscribe();
    loop {
        match next(&state, kinds, most_steps).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "jobs cannot be taken"),
        }
        tokio::select! {
            _ = new_job.changed() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
            () = state.shutdown.cancelled() => return,
        }
    }
}

/// Takes the free job that has waited longest and does it; `false` when there was none.
pub async fn next(state: &AppState, kinds: &'static [Kind], most_steps: i64) -> sqlx::Result<bool> {
    let now = state.clock.now();
    if !jobs::any_free(&mut state.db.read().await?, most_steps, now).await? {
        return Ok(false);
    }
    let mut tx = state.db.begin().await?;
    let taken = jobs::take(&mut tx, most_steps, now, now.plus(LEASE)).await?;
    tx.commit().await?;
    let Some(job) = taken else { return Ok(false) };
    let kind = kinds.iter().find(|kind| kind.name == job.kind);
    let context = JobContext { state: state.clone(), job, kind };
    let ended = match perform(&context).await {
        Ok(()) => finish(&context).await,
        Err(error) => settle(&context, error).await,
    };
    let JobRecord { id, kind, .. } = &context.job;
    match ended {
        Ok(()) => {}
        Err(JobError::Lost) => tracing::warn!(job = %id, kind, "a job was taken over by another worker"),
        Err(error) => tracing::error!(job = %id, kind, ?error, "how a job ended could not be written down"),
    }
    Ok(true)
}

async fn perform(context: &JobContext) -> Result<(), JobError> {
    let Some(kind) = context.kind else { return Err(JobError::Retry(Message::JobUnknown)) };
    // Its last holder did not come to give it up.
    if context.job.attempts > kind.attempts {
        return Err(JobError::Failed(Message::JobNeverEnds));
    }
    hold(context, (kind.run)(context)).await
}

/// Works while the lease is renewed beside it. A panic ends the work, not the worker.
async fn hold(context: &JobContext, work: BoxFuture<'_, Result<(), JobError>>) -> Result<(), JobError> {
    let outcome = tokio::select! {
        outcome = AssertUnwindSafe(work).catch_unwind() => outcome,
        never = renew_lease(context) => match never {},
    };
    outcome.unwrap_or_else(|_| {
        tracing::error!(job = %context.job.id, kind = context.job.kind, "a job panicked");
        Err(JobError::Retry(Message::JobBroke))
    })
}

async fn renew_lease(context: &JobContext) -> Infallible {
    loop {
        tokio::time::sleep(RENEWAL_INTERVAL).await;
        let renewed = async {
            let mut tx = context.state.db.begin().await?;
            context.advance(&mut tx, 0).await?;
            Ok::<_, JobError>(tx.commit().await?)
        };
        match renewed.await {
            Ok(()) => {}
            // It has ended, or the work finds out with its next step.
            Err(JobError::Lost) => std::future::pending().await,
            Err(error) => tracing::warn!(job = %context.job.id, ?error, "the lease of a job was not renewed"),
        }
    }
}

async fn finish(context: &JobContext) -> Result<(), JobError> {
    let mut tx = context.state.db.begin().await?;
    match context.finish(&mut tx).await {
        // It has ended itself with its last step, or somebody else does it once more.
        Err(JobError::Lost) => {}
        finished => {
            finished?;
            tx.commit().await?;
        }
    }
    let (job, kind) = (context.job.id, context.job.kind.as_str());
    match context.recurring() {
        // Some come every few seconds.
        Some(_) => tracing::debug!(%job, kind, "a job is done"),
        None => tracing::info!(%job, kind, "a job is done"),
    }
    Ok(())
}

/// Lets a job go that did not get through: for a while, or for good.
async fn settle(context: &JobContext, error: JobError) -> Result<(), JobError> {
    let job = &context.job;
    let (why, for_good) = match error {
        JobError::Lost => return Err(JobError::Lost),
        JobError::Failed(why) => (why, true),
        JobError::Retry(why) => (why, false),
        JobError::Database(error) => {
            tracing::error!(job = %job.id, kind = job.kind, %error, "the database failed a job");
            (Message::JobDatabaseFailed, false)
        }
    };
    let attempts = context.kind.map_or(ATTEMPTS, |kind| kind.attempts);
    if !for_good && job.attempts < attempts {
        return retry_later(context, &why).await;
    }
    match give_up(context, &why).await {
        Err(error @ (JobError::Failed(_) | JobError::Retry(_) | JobError::Database(_))) => {
            tracing::error!(job = %job.id, kind = job.kind, ?error, "a job that failed could not be taken back yet");
            retry_later(context, &why).await
        }
        ended => ended,
    }
}

async fn retry_later(context: &JobContext, why: &Message) -> Result<(), JobError> {
    let (state, job) = (&context.state, &context.job);
    let delay = retry_delay(job.attempts, u64::from_le_bytes(state.rng.bytes()));
    let mut tx = state.db.begin().await?;
    if !jobs::retry_later(&mut tx, job, why, state.clock.now().plus(delay)).await? {
        return Err(JobError::Lost);
    }
    tx.commit().await?;
    tracing::warn!(job = %job.id, kind = job.kind, ?why, attempts = job.attempts, "a job is tried again later");
    Ok(())
}

/// Takes back what the job has done so far, then says why it failed.
async fn give_up(context: &JobContext, why: &Message) -> Result<(), JobError> {
    let (state, job) = (&context.state, &context.job);
    if let Some(kind) = context.kind {
        hold(context, (kind.give_up)(context)).await?;
    }
    let mut tx = state.db.begin().await?;
    if !jobs::end(&mut tx, job, Some(why), state.clock.now()).await? {
        return Err(JobError::Lost);
    }
    if let Some(recurring) = context.recurring() {
        recurring::enqueue_next(&mut tx, state, recurring).await?;
    }
    tx.commit().await?;
    tracing::error!(job = %job.id, kind = job.kind, ?why, attempts = job.attempts, "a job failed");
    Ok(())
}
