//! Writing rewards that have changed, and telling of it.

use crate::{
    domain::{
        events::{EventKind, NewEvent},
        ids::{RewardUseId, UserId},
        rewards::{
            kind,
            reward::{Delivery, Reward, RewardState},
        },
        time::Time,
    },
    server::{
        realtime::change_set::ChangeSet,
        store::{db::Tx, name_locks, reward_list, rewards, webhook_endpoints},
    },
};
use std::collections::BTreeSet;

/// Takes every step that comes by itself now. One unlock of a kind begins where the one before it ends. What becomes
/// active waits to be delivered where an endpoint is told of it.
pub async fn advance(tx: &mut Tx, all: &mut [Reward], now: Time) -> sqlx::Result<()> {
    let known: Vec<bool> = all.iter().map(|reward| reward.activated_at.is_some()).collect();
    let starting = |reward: &Reward| {
        reward.kind == kind::FEATURE_UNLOCK
            && reward.activated_at.is_none()
            && reward.due_at.is_some_and(|at| at <= now)
    };
    let unlocking: BTreeSet<UserId> =
        all.iter().filter(|reward| starting(reward)).map(|reward| reward.user_id).collect();
    let mut ends = vec![];
    if !unlocking.is_empty() {
        let users: Vec<UserId> = unlocking.into_iter().collect();
        let names: Vec<String> = users.iter().map(|user| format!("unlock:{user}")).collect();
        name_locks::lock(tx, &names).await?;
        ends = rewards::unlock_ends(tx, &users, kind::FEATURE_UNLOCK).await?;
    }
    for reward in all.iter_mut() {
        let same = |end: &&mut (UserId, Option<String>, Time)| (end.0, &end.1) == (reward.user_id, &reward.unit);
        match ends.iter_mut().filter(|_| reward.kind == kind::FEATURE_UNLOCK).find(same) {
            Some(end) => {
                reward.advance(now, Some(end.2));
                end.2 = end.2.max(reward.valid_until.unwrap_or(end.2));
            }
            None => {
                reward.advance(now, None);
                if reward.kind == kind::FEATURE_UNLOCK
                    && let Some(until) = reward.valid_until
                {
                    ends.push((reward.user_id, reward.unit.clone(), until));
                }
            }
        }
    }
    let newly = |reward: &Reward, known: bool| !known && reward.activated_at.is_some();
    let any = all.iter().zip(&known).any(|(reward, known)| newly(reward, *known));
    if any && !webhook_endpoints::any_takes(tx, EventKind::RewardActivated).await? {
        for (reward, known) in all.iter_mut().zip(known) {
            if newly(reward, known) {
                reward.delivery = Delivery::None;
            }
        }
    }
    Ok(())
}

/// Keeps new rewards, with every step that comes by itself now, and tells of them as they are.
pub async fn insert(tx: &mut Tx, mut new: Vec<Reward>, now: Time, changes: &mut ChangeSet) -> sqlx::Result<()> {
    advance(tx, &mut new, now).await?;
    for reward in rewards::insert(tx, new, now).await? {
        tell(&reward, None, now, changes);
    }
    Ok(())
}

/// Writes what differs from before, and tells of it.
pub async fn update(
    tx: &mut Tx,
    before: &[Reward],
    after: Vec<Reward>,
    used: Option<RewardUseId>,
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<()> {
    let same = |reward: &Reward| before.iter().find(|before| before.id == reward.id);
    let mut changed: Vec<Reward> = after.into_iter().filter(|reward| same(reward) != Some(reward)).collect();
    rewards::update(tx, &mut changed, used, now).await?;
    for reward in &changed {
        tell(reward, same(reward).map(|before| before.state), now, changes);
    }
    Ok(())
}

fn tell(reward: &Reward, before: Option<RewardState>, now: Time, changes: &mut ChangeSet) {
    let kind = match (before, reward.state) {
        (Some(before), after) if before == after => EventKind::RewardChanged,
        (_, RewardState::Pending) => EventKind::RewardPending,
        (_, RewardState::Active) => EventKind::RewardActivated,
        (_, RewardState::Redeemed) => EventKind::RewardRedeemed,
        (_, RewardState::Expired) => EventKind::RewardExpired,
        (_, RewardState::Voided) => EventKind::RewardVoided,
        (_, RewardState::Reversed) => EventKind::RewardReversed,
    };
    let (object_id, version) = (reward.id.0, reward.version);
    let data = serde_json::to_value(reward_list::view(reward.clone(), now)).unwrap_or_default();
    changes.events.push(NewEvent { kind, object_id, version, about: None, data, at: now });
    changes.rewarded.push(reward.user_id);
}
