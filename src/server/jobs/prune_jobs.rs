//! Deleting jobs that have ended long ago.

use crate::{
    domain::{job::JobPayload, time::DAY},
    server::{
        jobs::job::{Job, JobContext, JobError},
        store::jobs,
    },
};
use serde::{Deserialize, Serialize};

/// How long jobs are kept that are done, in milliseconds.
const KEEP_DONE: i64 = 7 * DAY;

/// The same for those that failed: somebody may want to try them again.
const KEEP_FAILED: i64 = 90 * DAY;

/// Jobs in one transaction.
const BATCH: i64 = 1_000;

/// Deletes jobs that have ended long ago, those apart whose page is still of use.
#[derive(Default, Serialize, Deserialize)]
pub struct PruneJobs;

impl JobPayload for PruneJobs {
    const KIND: &'static str = "prune_jobs";
}

impl Job for PruneJobs {
    async fn run(&self, context: &JobContext) -> Result<(), JobError> {
        let now = context.state.clock.now();
        loop {
            let mut tx = context.state.db.begin().await?;
            let gone = jobs::prune(&mut tx, now.plus(-KEEP_DONE), now.plus(-KEEP_FAILED), BATCH).await?;
            context.advance(&mut tx, 0).await?;
            tx.commit().await?;
            if gone < BATCH {
                return Ok(());
            }
        }
    }
}
