//! The host product could not be told of rewards.

use crate::{
    domain::{ids::RewardId, rewards::reward::Delivery, time::Time},
    server::{
        actions::rewards::save_rewards,
        errors::TxError,
        realtime::change_set::ChangeSet,
        store::{db::Tx, rewards, webhook_deliveries},
    },
};

/// Those of them that wait and are on their way to nobody have failed.
pub async fn run_in(tx: &mut Tx, ids: &[RewardId], now: Time, changes: &mut ChangeSet) -> Result<(), TxError> {
    if ids.is_empty() {
        return Ok(());
    }
    let underway = webhook_deliveries::underway(tx, ids).await?;
    let lost: Vec<RewardId> = ids.iter().copied().filter(|id| !underway.contains(id)).collect();
    let before = rewards::lock(tx, &lost).await?;
    let mut after = before.clone();
    for reward in after.iter_mut().filter(|reward| reward.delivery == Delivery::Waiting) {
        reward.delivery = Delivery::Failed;
    }
    Ok(save_rewards::update(tx, &before, after, None, now, changes).await?)
}
