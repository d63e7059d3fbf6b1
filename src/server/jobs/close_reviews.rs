//! Decisions about reviews that nobody can take back any more: they take effect.

use crate::{
    domain::job::JobPayload,
    server::{
        actions::reviews::close_reviews,
        errors::TxError,
        jobs::job::{Job, JobContext, JobError},
        realtime::change_set::ChangeSet,
        store::rights,
    },
};
use serde::{Deserialize, Serialize};

/// Reviews that are looked up at once.
const BATCH: i64 = 200;

/// Closes all reviews that are due, each in a transaction of its own.
#[derive(Default, Serialize, Deserialize)]
pub struct CloseReviews;

impl JobPayload for CloseReviews {
    const KIND: &'static str = "close_reviews";
}

impl Job for CloseReviews {
    async fn run(&self, context: &JobContext) -> Result<(), JobError> {
        let state = &context.state;
        loop {
            let now = state.clock.now();
            let due = close_reviews::due(&mut state.db.read().await?, now, BATCH).await?;
            if due.is_empty() {
                return Ok(());
            }
            for referee in due {
                let mut tx = state.db.begin().await?;
                // Nobody is forgotten while their rewards are written.
                rights::share(&mut tx).await?;
                let mut changes = ChangeSet::default();
                match close_reviews::run_in(&mut tx, state, referee, now, &mut changes).await {
                    Ok(()) => {}
                    Err(TxError::Database(error)) => return Err(error.into()),
                    // A code that nobody is credited by any more refuses nothing.
                    Err(TxError::Rejected(problem)) => {
                        tracing::error!(%referee, ?problem, "a review cannot be closed");
                        return Ok(());
                    }
                }
                context.advance(&mut tx, 0).await?;
                state.publisher.commit_and_publish(tx, &changes).await?;
            }
        }
    }
}
