//! Looking once more at payments that wait for what is missing. Whoever brings it takes them up in their own
//! transaction; this finds what came by another way, as by a file of users.

use crate::{
    domain::{conversions::standing::PARKED_FOR, ids::PaymentId, job::JobPayload},
    server::{
        actions::conversions::settle_payments,
        jobs::job::{Job, JobContext, JobError},
        realtime::change_set::ChangeSet,
        store::{payments, rights},
    },
};
use serde::{Deserialize, Serialize};

/// Payments in one transaction.
const BATCH: i64 = 200;

/// Settles all payments that wait and can still be taken up.
#[derive(Default, Serialize, Deserialize)]
pub struct TakeUpPayments;

impl JobPayload for TakeUpPayments {
    const KIND: &'static str = "take_up_payments";
}

impl Job for TakeUpPayments {
    async fn run(&self, context: &JobContext) -> Result<(), JobError> {
        let state = &context.state;
        let mut after = PaymentId(0);
        loop {
            let now = state.clock.now();
            let mut tx = state.db.begin().await?;
            // Nobody is forgotten while their payments are written.
            rights::share(&mut tx).await?;
            let waiting = payments::waiting(&mut tx, after, now.plus(-PARKED_FOR), BATCH).await?;
            let Some(last) = waiting.last().copied() else { return Ok(()) };
            let mut changes = ChangeSet::default();
            settle_payments::run_in(&mut tx, &waiting, now, &mut changes).await?;
            context.advance(&mut tx, 0).await?;
            state.publisher.commit_and_publish(tx, &changes).await?;
            after = last;
        }
    }
}
