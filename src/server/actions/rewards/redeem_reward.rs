//! Using all that is left of a reward, once.

use crate::{
    domain::{accounts::new_account::optional_line, ids::RewardId, time::Time},
    error::AppError,
    server::{
        actions::rewards::save_rewards,
        errors::TxError,
        realtime::change_set::ChangeSet,
        store::{db::Tx, rewards},
    },
};

/// In a transaction of the recipient or of somebody who may. `source` is the host product's name of the redemption: the
/// same one again changes nothing.
pub async fn run_in(
    tx: &mut Tx,
    id: RewardId,
    source: Option<&str>,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(), TxError> {
    let source =
        optional_line("source_id", source.unwrap_or_default(), 255).map_err(|error| AppError::Invalid(vec![error]))?;
    let before = rewards::lock(tx, &[id]).await?;
    let mut after = before.clone();
    // What has come by itself meanwhile comes first.
    save_rewards::advance(tx, &mut after, now).await?;
    let reward = after.first_mut().ok_or(AppError::NotFound)?;
    reward.redeem(source.as_deref(), now).map_err(AppError::Reward)?;
    Ok(save_rewards::update(tx, &before, after, None, now, changes).await?)
}
