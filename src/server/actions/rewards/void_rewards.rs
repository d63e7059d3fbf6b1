//! Ending rewards by hand, for good.

use crate::{
    domain::{
        ids::RewardId,
        plain_text,
        rewards::reward::{EndReason, Reward, RewardState},
        time::Time,
    },
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
use serde_json::json;

/// In a transaction of somebody who may. What was used already is owed afterwards. Rewards that are gone already, and
/// choices that were made, are refused.
pub async fn run_in(
    tx: &mut Tx,
    actor: &Actor,
    ids: &[RewardId],
    reason: &str,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(), TxError> {
    let reason = plain_text::reason(reason).map_err(|message| AppError::invalid("reason", message))?;
    let before = rewards::lock(tx, ids).await?;
    if before.len() < ids.len() {
        return Err(AppError::NotFound.into());
    }
    let mut after = before.clone();
    for reward in &mut after {
        reward.check_can_cancel().map_err(|problem| refused_step::error(reward, ids.len(), problem))?;
        reward.end(EndReason::Cancelled, Some(reason.to_owned()), false, now);
        let name = reward.id.to_string();
        let target = Target { kind: "reward", id: Some(reward.id.0), name: &name };
        let (was, is) =
            (json!({ "state": reward_state(&before, reward) }), json!({ "state": reward.state, "reason": reason }));
        audit::write(tx, actor, "reward.void", target, was, is, now).await?;
    }
    Ok(save_rewards::update(tx, &before, after, None, now, changes).await?)
}

fn reward_state(before: &[Reward], reward: &Reward) -> Option<RewardState> {
    before.iter().find(|before| before.id == reward.id).map(|before| before.state)
}
