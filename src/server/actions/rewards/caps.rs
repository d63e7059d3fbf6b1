//! Whether a rule gives one more.

use crate::{
    domain::{
        ids::{RuleId, UserId},
        rewards::{refusal::RefusalReason, rule::Caps},
        time::Time,
    },
    server::{
        actions::rewards::cap_period,
        store::{db::Tx, reward_rules},
    },
};

/// What would be given.
pub struct Candidate<'a> {
    pub rule: RuleId,
    pub caps: &'a Caps,
    pub referrer: Option<UserId>,
    pub referee: UserId,
    pub amount: i64,
}

/// Why a rule does not give this; nothing when it does. The rule is held from now on, so that of a crowd no more get
/// something than may.
pub async fn refusal(
    tx: &mut Tx,
    candidate: &Candidate<'_>,
    time_zone: &str,
    now: Time,
) -> sqlx::Result<Option<RefusalReason>> {
    let (rule, caps) = (candidate.rule, candidate.caps);
    if !caps.any() {
        return Ok(None);
    }
    reward_rules::lock_all(tx, &[rule]).await?;
    if let (Some(cap), Some(referrer)) = (caps.per_referrer, candidate.referrer) {
        let since = cap_period::start(cap.period, now, time_zone);
        if reward_rules::count_for_referrer(tx, rule, referrer, since).await? >= cap.count {
            return Ok(Some(RefusalReason::CapReached));
        }
    }
    if let Some(most) = caps.per_referral
        && reward_rules::count_for_referee(tx, rule, candidate.referee).await? >= most
    {
        return Ok(Some(RefusalReason::CapReached));
    }
    if let Some(budget) = caps.budget
        && reward_rules::total_given(tx, rule).await?.saturating_add(candidate.amount) > budget
    {
        return Ok(Some(RefusalReason::BudgetSpent));
    }
    Ok(None)
}
