//! What is owed because a reward was taken back after it was used: paid back, or written off.

use crate::{
    domain::{ids::RewardId, time::Time},
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            rewards::{refused_step, save_rewards},
        },
        auth::caller::Actor,
        errors::TxError,
        realtime::change_set::ChangeSet,
        store::{db::Tx, rewards},
    },
};
use serde_json::{Value, json};

/// What becomes of a debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Debt {
    /// The recipient has paid it back.
    Settled,
    /// Nobody asks for it any more.
    WrittenOff,
}

/// In a transaction of somebody who may. Refused where nothing is owed.
pub async fn run_in(
    tx: &mut Tx,
    actor: &Actor,
    ids: &[RewardId],
    debt: Debt,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(), TxError> {
    let before = rewards::lock(tx, ids).await?;
    if before.len() < ids.len() {
        return Err(AppError::NotFound.into());
    }
    let mut after = before.clone();
    for reward in &mut after {
        let owed = reward.owed();
        let (done, action) = match debt {
            Debt::Settled => (reward.settle(), "reward.settle"),
            Debt::WrittenOff => (reward.write_off(), "reward.write_off"),
        };
        done.map_err(|problem| refused_step::error(reward, ids.len(), problem))?;
        let name = reward.id.to_string();
        let target = Target { kind: "reward", id: Some(reward.id.0), name: &name };
        audit::write(tx, actor, action, target, Value::Null, json!({ "amount": owed }), now).await?;
    }
    Ok(save_rewards::update(tx, &before, after, None, now, changes).await?)
}
