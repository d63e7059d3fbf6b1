//! Rewards that a referral did not bring, and why.

use crate::{
    domain::{
        ids::{RuleId, UserId},
        rewards::earning::Occasion,
    },
    server::store::{
        db::Tx,
        reward_refusals::{self, RefusalRecord},
        user_names,
    },
    view_models::reward_pages::RefusalRow,
};

/// Those for a referee, the latest first, up to `limit`.
pub async fn run(tx: &mut Tx, referee: UserId, limit: usize) -> sqlx::Result<Vec<RefusalRow>> {
    let mut refused = reward_refusals::of_referees(tx, &[referee]).await?;
    refused.sort_by_key(|refusal| std::cmp::Reverse(refusal.refused_at));
    refused.truncate(limit);
    let people: Vec<UserId> = refused.iter().map(|refusal| refusal.user_id).collect();
    let names = user_names::names_of(tx, &people).await?;
    let name = |user| names.iter().find(|(id, _)| *id == user).map(|(_, name)| name.clone()).unwrap_or_default();
    Ok(refused.into_iter().map(|refusal| row(refusal, name)).collect())
}

fn row(refusal: RefusalRecord, name: impl Fn(UserId) -> String) -> RefusalRow {
    let rule = refusal.granted_by.strip_prefix("rule:").and_then(|id| id.parse().ok());
    let payment = match refusal.occasion.parse() {
        Ok(Occasion::Payment(payment)) => Some(payment),
        _ => None,
    };
    RefusalRow {
        rule: rule.map(RuleId),
        user_id: refusal.user_id,
        recipient: name(refusal.user_id),
        payment,
        reason: refusal.reason,
        refused_at: refusal.refused_at,
    }
}
