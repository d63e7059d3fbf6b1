//! The host product says that it has given a reward to its recipient.

use crate::{
    domain::{
        ids::RewardId,
        rewards::reward::{Delivery, RewardProblem},
        time::Time,
    },
    error::AppError,
    server::{
        actions::rewards::save_rewards,
        errors::TxError,
        realtime::change_set::ChangeSet,
        store::{db::Tx, rewards},
    },
};

/// In a transaction of somebody who may. Saying it again changes nothing.
pub async fn run_in(tx: &mut Tx, id: RewardId, now: Time, changes: &mut ChangeSet) -> Result<(), TxError> {
    let before = rewards::lock(tx, &[id]).await?;
    let mut after = before.clone();
    save_rewards::advance(tx, &mut after, now).await?;
    let reward = after.first_mut().ok_or(AppError::NotFound)?;
    if reward.activated_at.is_none() {
        return Err(AppError::Reward(RewardProblem::OnHold).into());
    }
    reward.delivery = Delivery::Delivered;
    Ok(save_rewards::update(tx, &before, after, None, now, changes).await?)
}
