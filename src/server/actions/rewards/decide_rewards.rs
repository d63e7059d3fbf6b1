//! What an admin decides about rewards on their pages: for all that are chosen, or for none.

use crate::{
    domain::{ids::RewardId, message::Message},
    error::AppError,
    server::{
        actions::{
            authorize,
            rewards::{
                approve_rewards, mark_delivered,
                settle_debt::{self, Debt},
                void_rewards,
            },
        },
        auth::caller::Actor,
        errors::retry_races,
        realtime::change_set::ChangeSet,
        state::AppState,
    },
};
use std::collections::BTreeSet;

/// Rewards that can be chosen at once.
const MAX_CHOSEN: usize = 200;

/// What is decided.
#[derive(Clone, Copy, Debug)]
pub enum Decision<'a> {
    Approve,
    Void {
        /// Why.
        reason: &'a str,
    },
    /// What is owed was paid back.
    PaidBack,
    /// Nobody asks for what is owed any more.
    WriteOff,
}

/// Does it to the rewards of these ids, which are parted by commas.
pub async fn run(state: &AppState, actor: &Actor, ids: &str, decision: Decision<'_>) -> Result<(), AppError> {
    let ids = &chosen(ids)?;
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        let (now, mut changes) = (state.clock.now(), ChangeSet::default());
        match decision {
            Decision::Approve => approve_rewards::run_in(&mut tx, actor, ids, now, &mut changes).await?,
            Decision::Void { reason } => {
                void_rewards::run_in(&mut tx, actor, ids, reason, now, &mut changes).await?;
            }
            Decision::PaidBack => {
                settle_debt::run_in(&mut tx, actor, ids, Debt::Settled, now, &mut changes).await?;
            }
            Decision::WriteOff => {
                settle_debt::run_in(&mut tx, actor, ids, Debt::WrittenOff, now, &mut changes).await?;
            }
        }
        Ok(state.publisher.commit_and_publish(tx, &changes).await?)
    })
    .await
}

/// Says that the host product has given a reward to its recipient.
pub async fn mark_delivered(state: &AppState, actor: &Actor, id: RewardId) -> Result<(), AppError> {
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        let mut changes = ChangeSet::default();
        mark_delivered::run_in(&mut tx, id, state.clock.now(), &mut changes).await?;
        Ok(state.publisher.commit_and_publish(tx, &changes).await?)
    })
    .await
}

/// Each id once. Something must be chosen.
fn chosen(ids: &str) -> Result<Vec<RewardId>, AppError> {
    let ids = ids.split(',').map(str::trim).filter(|id| !id.is_empty());
    let ids: BTreeSet<RewardId> = ids
        .map(|id| id.parse().map(RewardId))
        .collect::<Result<_, _>>()
        .map_err(|_| AppError::invalid("", Message::Malformed))?;
    match ids.len() {
        0 => Err(AppError::invalid("", Message::NoRewardChosen)),
        1..=MAX_CHOSEN => Ok(ids.into_iter().collect()),
        _ => Err(AppError::invalid("", Message::Malformed)),
    }
}
