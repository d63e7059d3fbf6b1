//! Rewards whose activation is on its way to nobody any more.

use crate::{
    error::AppError,
    server::{
        actions::rewards::mark_undelivered,
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{rights, webhook_deliveries},
    },
};

/// Rewards that are written in one transaction.
const BATCH: i64 = 500;

/// They have failed. An endpoint may have been deleted, switched off or given another filter just before its delivery
/// was made, or the delivery has waited until it was pruned.
pub async fn run(state: &AppState) -> Result<(), AppError> {
    loop {
        let lost = webhook_deliveries::lost_rewards(&mut state.db.read().await?, BATCH).await?;
        if lost.is_empty() {
            return Ok(());
        }
        retry_races(|| async {
            let mut tx = state.db.begin().await?;
            // Nobody is forgotten while their reward is written.
            rights::share(&mut tx).await?;
            let mut changes = ChangeSet::default();
            mark_undelivered::run_in(&mut tx, &lost, state.clock.now(), &mut changes).await?;
            Ok::<_, TxError>(state.publisher.commit_and_publish(tx, &changes).await?)
        })
        .await?;
    }
}
