//! One reward with its history.

use crate::{
    domain::ids::RewardId,
    error::AppError,
    server::{
        queries::rewards::reward_history,
        state::AppState,
        store::{
            audit, payment_facts, payment_list, reward_history as movements, reward_list, reward_rules, webhook_list,
        },
    },
    view_models::reward_pages::RewardPageData,
};

/// Movements that are shown at most.
const MOVEMENTS: i64 = 1_000;

/// *Not found* where there is no such reward.
pub async fn run(state: &AppState, id: RewardId) -> Result<RewardPageData, AppError> {
    let now = state.clock.now();
    let mut tx = state.db.read().await?;
    let listed = reward_list::record(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let reward = listed.reward.clone();
    let terms = reward_rules::version(&mut tx, reward.rule_id, reward.rule_version).await?.unwrap_or_default();
    let rule_deleted = !reward_rules::current(&mut tx).await?.iter().any(|rule| rule.rule == reward.rule_id);
    let (payment, facts) = match reward.payment_id {
        Some(payment) => {
            (payment_list::by_id(&mut tx, payment).await?, payment_facts::of_payments(&mut tx, &[payment]).await?)
        }
        None => (None, vec![]),
    };
    let moved = movements::of_reward(&mut tx, id, MOVEMENTS).await?;
    let done = audit::of_target(&mut tx, "reward", id.0).await?;
    let told_by = webhook_list::of_reward(&mut tx, id).await?;
    let picked = if reward.is_choice() { reward_list::picked(&mut tx, id, now).await? } else { vec![] };
    Ok(RewardPageData {
        happened_at: reward.happened_at,
        used: reward.redeemed,
        paid_back: reward.settled,
        can_void: reward.check_can_cancel().is_ok(),
        rule: terms.label().to_owned(),
        rule_deleted,
        payment,
        choice: reward.choice_id,
        told_by,
        picked: picked.into_iter().map(|row| row.reward).collect(),
        history: reward_history::entries(&reward, &moved, &facts, &done),
        row: listed.into_row(now),
    })
}
