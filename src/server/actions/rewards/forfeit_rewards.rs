//! The rewards of somebody who is erased: what they have used is theirs, the rest is taken away.

use crate::{
    domain::{ids::UserId, rewards::reward::EndReason, time::Time},
    server::{
        actions::rewards::save_rewards,
        realtime::change_set::ChangeSet,
        store::{db::Tx, rewards},
    },
};

/// Within the transaction that erases them.
pub async fn run_in(tx: &mut Tx, user: UserId, now: Time, changes: &mut ChangeSet) -> sqlx::Result<()> {
    let before = rewards::lock_of_user(tx, user).await?;
    let mut after = before.clone();
    for reward in &mut after {
        if reward.cancelled_at.is_none() {
            reward.end(EndReason::Erased, None, true, now);
        }
    }
    save_rewards::update(tx, &before, after, None, now, changes).await
}
