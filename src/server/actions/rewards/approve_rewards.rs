//! Approving rewards that wait for an admin.

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

/// In a transaction of somebody who may. Refused when one of them is not on hold; approving again changes nothing.
pub async fn run_in(
    tx: &mut Tx,
    actor: &Actor,
    ids: &[RewardId],
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(), TxError> {
    let before = rewards::lock(tx, ids).await?;
    if before.len() < ids.len() {
        return Err(AppError::NotFound.into());
    }
    let mut after = before.clone();
    for reward in &mut after {
        let waits = reward.approved_at.is_none();
        reward.approve(now).map_err(|problem| refused_step::error(reward, ids.len(), problem))?;
        if waits {
            let name = reward.id.to_string();
            let target = Target { kind: "reward", id: Some(reward.id.0), name: &name };
            audit::write(tx, actor, "reward.approve", target, Value::Null, json!({ "approved": true }), now).await?;
        }
    }
    save_rewards::advance(tx, &mut after, now).await?;
    Ok(save_rewards::update(tx, &before, after, None, now, changes).await?)
}
