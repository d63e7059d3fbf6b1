//! Picking one of several rewards.

use crate::{
    domain::{
        ids::RewardId,
        rewards::reward::{Reward, RewardProblem},
        time::{DAY, Time},
    },
    error::AppError,
    server::{
        actions::rewards::{
            caps::{self, Candidate},
            grant_rewards, save_rewards,
            settle_rewards::{self, SignUp},
        },
        errors::TxError,
        realtime::change_set::ChangeSet,
        store::{db::Tx, referrals, reward_rules, rewards, settings, users},
    },
    view_models::rewards::RewardOption,
};

/// In a transaction of the recipient or of somebody who may. The same option again changes nothing.
pub async fn run_in(
    tx: &mut Tx,
    id: RewardId,
    option: &str,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(), TxError> {
    let (user, referee) = rewards::parties_of(tx, id).await?.ok_or(AppError::NotFound)?;
    // Held before the reward, as by whoever brings payments.
    referrals::lock(tx, &[referee]).await?;
    users::lock_all(tx, &[user]).await?;
    let before = rewards::lock(tx, &[id]).await?;
    let mut after = before.clone();
    save_rewards::advance(tx, &mut after, now).await?;
    let choice = after.first_mut().ok_or(AppError::NotFound)?;
    if !choice.is_choice() {
        return Err(AppError::Reward(RewardProblem::OptionUnknown).into());
    }
    let options: Vec<RewardOption> = serde_json::from_str(&choice.options).unwrap_or_default();
    let picked = options.into_iter().find(|known| known.option == option);
    let picked = picked.ok_or(AppError::Reward(RewardProblem::OptionUnknown))?;
    if !choice.choose(option, now).map_err(AppError::Reward)? {
        return Ok(());
    }
    let choice = choice.clone();
    save_rewards::update(tx, &before, after, None, now, changes).await?;
    let new = made(tx, &choice, &picked, now).await?;
    if new.is_empty() {
        return Err(AppError::Reward(RewardProblem::CapReached).into());
    }
    save_rewards::insert(tx, new, now, changes).await?;
    // What was refunded in part since is taken back, and what need not wait goes on.
    Ok(settle_rewards::run_in(tx, &[referee], SignUp::Known, now, changes).await?)
}

/// The rewards of an option, as far as the rules give one more.
async fn made(tx: &mut Tx, choice: &Reward, picked: &RewardOption, now: Time) -> sqlx::Result<Vec<Reward>> {
    let settings = settings::load(tx).await?;
    let mut new = vec![];
    for reward in &picked.rewards {
        let Some(terms) = reward_rules::version(tx, reward.rule_id, reward.rule_version).await? else { continue };
        let candidate = Candidate {
            rule: reward.rule_id,
            caps: &terms.caps,
            referrer: choice.referrer_id,
            referee: choice.referee_id,
            amount: reward.amount,
        };
        if caps::refusal(tx, &candidate, &settings.time_zone, now).await?.is_some() {
            continue;
        }
        // The choice has the hold of its first rule.
        let hold = terms.hold_days.map(|days| choice.happened_at.plus(days.saturating_mul(DAY)));
        new.push(grant_rewards::picked(choice, reward, &terms, hold.unwrap_or(choice.hold_until), now));
    }
    Ok(new)
}
