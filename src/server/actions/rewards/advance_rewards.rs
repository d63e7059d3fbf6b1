//! Steps that come by themselves: holds that are over, rewards whose time is over, choices that nobody made.

use crate::{
    domain::time::Time,
    server::{
        actions::rewards::save_rewards,
        realtime::change_set::ChangeSet,
        store::{db::Tx, rewards},
    },
};

/// Takes up to `limit` steps that are due, in a transaction of the caller's; how many rewards were looked at.
pub async fn run_in(tx: &mut Tx, limit: i64, now: Time, changes: &mut ChangeSet) -> sqlx::Result<usize> {
    let before = rewards::lock_due(tx, now, limit).await?;
    let mut after = before.clone();
    save_rewards::advance(tx, &mut after, now).await?;
    save_rewards::update(tx, &before, after, None, now, changes).await?;
    Ok(before.len())
}
