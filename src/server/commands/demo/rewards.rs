//! What becomes of the rewards of the demonstration: they are chosen, redeemed, used in parts, they expire, and some
//! are taken back.

use crate::{
    domain::{
        conversions::facts::PaymentSource,
        ids::RewardId,
        rewards::{
            kind,
            reward::{EndReason, RewardState},
            rule::{Conditions, Milestone, MilestoneOf, RuleTerms, Trigger},
        },
        time::{DAY, Time},
    },
    server::{
        actions::{
            conversions::refund_conversion,
            rewards::{
                advance_rewards, choose_option, redeem_reward, save_rewards,
                use_balance::{self, UseInput},
            },
        },
        errors::{BoxError, TxError},
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            payments,
            reward_list::{self, RewardFilter},
            reward_rules, rewards,
        },
    },
    view_models::rewards::RewardView,
};

/// Rewards that are looked at.
const MANY: i64 = 5_000;

/// Adds a rule to those of every program: whoever has three friends who paid gets $25.
pub async fn add_milestone(tx: &mut Tx, at: Time) -> sqlx::Result<()> {
    let milestone = Some(Milestone { of: MilestoneOf::Converted, count: Some(2) });
    let terms = RuleTerms {
        trigger: Trigger::Milestone,
        kind: kind::ACCOUNT_CREDIT.into(),
        amount: Some(2_500),
        currency: Some("USD".into()),
        description: "$25 credit".into(),
        conditions: Conditions { milestone, ..Conditions::default() },
        ..RuleTerms::default()
    };
    reward_rules::insert(tx, &terms, at).await.map(|_| ())
}

/// Lets the days from `begin` to `now` pass.
pub async fn live_through(tx: &mut Tx, begin: Time, now: Time, changes: &mut ChangeSet) -> Result<(), BoxError> {
    let mut at = begin;
    while at < now {
        at = at.plus(DAY).min(now);
        while advance_rewards::run_in(tx, MANY, at, changes).await? > 0 {}
        let day = at.day();
        if day % 3 == 0 {
            choose(tx, at, changes).await?;
        }
        if day % 4 == 0 {
            spend(tx, at, changes).await?;
        }
    }
    take_back(tx, now, changes).await
}

async fn found(tx: &mut Tx, state: RewardState, kind: &str, at: Time) -> sqlx::Result<Vec<RewardView>> {
    let filter = RewardFilter { state: Some(state), kind: Some(kind.to_owned()), ..RewardFilter::default() };
    let rows = reward_list::page(tx, &filter, None, MANY, at).await?;
    Ok(rows.into_iter().map(|row| row.reward).filter(|reward| reward.created_at <= at && !reward.frozen).collect())
}

/// Two of three choices are made, each time another option.
async fn choose(tx: &mut Tx, at: Time, changes: &mut ChangeSet) -> Result<(), BoxError> {
    for choice in found(tx, RewardState::Pending, kind::CHOICE, at).await? {
        let options = choice.choices.len() as i64;
        let place = usize::try_from(choice.id.0 % (options + 1))?;
        if let Some(option) = choice.choices.get(place) {
            choose_option::run_in(tx, choice.id, &option.option, at, changes).await.map_err(refused)?;
        }
    }
    Ok(())
}

/// Some redeem their credit, and some use a part of their messages.
async fn spend(tx: &mut Tx, at: Time, changes: &mut ChangeSet) -> Result<(), BoxError> {
    for reward in found(tx, RewardState::Active, kind::ACCOUNT_CREDIT, at).await? {
        if reward.id.0 % 3 > 0 {
            redeem_reward::run_in(tx, reward.id, None, at, changes).await.map_err(refused)?;
        }
    }
    for reward in found(tx, RewardState::Active, kind::EXTRA_MESSAGES, at).await? {
        if reward.id.0 % 4 == 0 {
            let source = format!("use-{}-{}", reward.id, at.day());
            let input = UseInput {
                user: reward.user_id,
                kind: kind::EXTRA_MESSAGES,
                amount: reward.available.min(4),
                source_id: &source,
                currency: None,
                unit: None,
            };
            use_balance::run_in(tx, &input, at, changes).await.map_err(refused)?;
        }
    }
    Ok(())
}

/// All payments of one friend are refunded after the credit for them was redeemed, those of another while it could be,
/// and an admin ends one reward.
async fn take_back(tx: &mut Tx, now: Time, changes: &mut ChangeSet) -> Result<(), BoxError> {
    for (n, state) in [RewardState::Redeemed, RewardState::Active].into_iter().enumerate() {
        let rewards = found(tx, state, kind::ACCOUNT_CREDIT, now).await?;
        let Some(payment) = rewards.first().and_then(|reward| reward.conversion_id) else { continue };
        let payer = payments::lock(tx, &[payment]).await?.first().and_then(|payment| payment.user_id);
        let Some(payer) = payer else { continue };
        // The next payment would be their first otherwise.
        for paid in payments::of_users(tx, &[payer]).await? {
            let (left, name) = (paid.amount - paid.refunded, format!("refund-late-{n}-{}", paid.id));
            if left > 0 {
                let source = PaymentSource::Api;
                refund_conversion::run_in(tx, paid.id, &name, left, source, now, changes).await.map_err(refused)?;
            }
        }
    }
    let waiting = found(tx, RewardState::Pending, kind::EXTRA_REQUESTS, now).await?;
    if let Some(id) = waiting.first().map(|reward| reward.id) {
        end(tx, id, now, changes).await?;
    }
    Ok(())
}

async fn end(tx: &mut Tx, id: RewardId, now: Time, changes: &mut ChangeSet) -> Result<(), BoxError> {
    let before = rewards::lock(tx, &[id]).await?;
    let mut after = before.clone();
    for reward in &mut after {
        reward.end(EndReason::Cancelled, Some("Signed up twice".into()), false, now);
    }
    Ok(save_rewards::update(tx, &before, after, None, now, changes).await?)
}

fn refused(error: TxError) -> BoxError {
    match error {
        TxError::Database(error) => error.into(),
        TxError::Rejected(error) => format!("a demonstration reward is refused: {error:?}").into(),
    }
}
