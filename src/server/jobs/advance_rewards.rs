//! Steps of rewards that come by themselves: the end of a hold, of a reward's time, of the time for a choice. Whoever
//! uses a reward does not wait for this: what is over is so already when it is read.

use crate::{
    domain::job::JobPayload,
    server::{
        actions::rewards::advance_rewards,
        jobs::job::{Job, JobContext, JobError},
        realtime::change_set::ChangeSet,
        store::rights,
    },
};
use serde::{Deserialize, Serialize};

/// Rewards in one transaction.
const BATCH: i64 = 200;

/// Takes all steps that are due.
#[derive(Default, Serialize, Deserialize)]
pub struct AdvanceRewards;

impl JobPayload for AdvanceRewards {
    const KIND: &'static str = "advance_rewards";
}

impl Job for AdvanceRewards {
    async fn run(&self, context: &JobContext) -> Result<(), JobError> {
        let state = &context.state;
        loop {
            let now = state.clock.now();
            let mut tx = state.db.begin().await?;
            // Nobody is forgotten while their rewards are written.
            rights::share(&mut tx).await?;
            let mut changes = ChangeSet::default();
            if advance_rewards::run_in(&mut tx, BATCH, now, &mut changes).await? == 0 {
                return Ok(());
            }
            context.advance(&mut tx, 0).await?;
            state.publisher.commit_and_publish(tx, &changes).await?;
        }
    }
}
