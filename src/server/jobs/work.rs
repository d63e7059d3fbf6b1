//! The loop: takes a job, does it, takes the next.

use super::{
    super::{
        state::Server,
        store::jobs::{self, JobRecord},
    },
    Job, LEASE, Trouble, make_codes,
};
use std::time::Duration;

/// How often an instance looks for jobs that nobody told it about.
const POLL: Duration = Duration::from_secs(2);

/// How often a job is begun before it counts as failed.
const MOST_LEASES: i64 = 10;

/// Works until the server stops.
pub async fn run(server: Server) {
    loop {
        match next(&server).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "jobs cannot be taken"),
        }
        tokio::select! {
            () = server.new_job.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            () = server.stopping.cancelled() => return,
        }
    }
}

/// Takes the oldest free job and does it; `false` when there was none.
async fn next(server: &Server) -> sqlx::Result<bool> {
    let now = server.clock.now();
    if !jobs::any_free(&mut server.db.read().await?, now).await? {
        return Ok(false);
    }
    let mut tx = server.db.begin().await?;
    let taken = jobs::take(&mut tx, now, now.plus(LEASE)).await?;
    tx.commit().await?;
    let Some(job) = taken else { return Ok(false) };
    match perform(server, &job).await {
        Ok(()) => tracing::info!(job = %job.id, "a job is done"),
        Err(Trouble::Lost) => tracing::warn!(job = %job.id, "a job was taken over by another instance"),
        Err(Trouble::Failed(why)) => {
            tracing::warn!(job = %job.id, why, "a job failed");
            if let Err(Trouble::Database(error)) = give_up(server, &job, &why).await {
                return Err(error);
            }
        }
        Err(Trouble::Database(error)) => tracing::error!(job = %job.id, %error, "a job is tried again later"),
    }
    Ok(true)
}

async fn perform(server: &Server, job: &JobRecord) -> Result<(), Trouble> {
    if job.lease > MOST_LEASES {
        return Err(Trouble::Failed(
            "It was begun too often without getting through. Please look into the log.".into(),
        ));
    }
    match serde_json::from_str(&job.work) {
        Ok(Job::MakeCodes(order)) => make_codes::run(server, job, &order).await,
        Err(_) => Err(Trouble::Failed("This version of the program does not know such a job.".into())),
    }
}

/// Takes back what the job has done so far, then says why.
async fn give_up(server: &Server, job: &JobRecord, why: &str) -> Result<(), Trouble> {
    make_codes::undo(server, job).await?;
    let mut tx = server.db.begin().await?;
    jobs::end(&mut tx, job, Some(why), server.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}
