//! What moved of a reward, with the uses that moved it.

use crate::{
    domain::{
        ids::{RewardId, RewardUseId},
        rewards::ledger::Cause,
        time::Time,
    },
    server::store::db::{Tx, with_conn},
};
use sqlx::FromRow;

/// A movement of an amount.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Moved {
    pub at: Time,
    pub cause: Cause,
    pub amount: i64,
    pub use_id: Option<RewardUseId>,
    /// The host product's name of the use.
    pub source_id: Option<String>,
}

/// The last `limit` movements of a reward, in their order.
pub async fn of_reward(tx: &mut Tx, reward: RewardId, limit: i64) -> sqlx::Result<Vec<Moved>> {
    let mut moved: Vec<Moved> = with_conn!(tx, conn => sqlx::query_as(
        "SELECT t.at, t.cause, t.amount, t.use_id, u.source_id
         FROM reward_transfers t
         LEFT JOIN reward_uses u ON u.id = t.use_id
         WHERE t.reward_id = $1
         ORDER BY t.id DESC
         LIMIT $2")
        .bind(reward)
        .bind(limit)
        .fetch_all(conn).await)?;
    moved.reverse();
    Ok(moved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::ids::UserId,
        server::store::{
            db_test, fixtures,
            reward_uses::{self, RewardUse},
            rewards,
        },
    };

    db_test!(movements_come_in_their_order_with_their_uses, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let mut reward = fixtures::changed_reward(&mut tx, ann, UserId(99), |_| {}).await?;
        reward.advance(Time(5), None);
        rewards::update(&mut tx, std::slice::from_mut(&mut reward), None, Time(5)).await?;
        let used = RewardUse {
            id: RewardUseId(0),
            user_id: ann,
            source_id: "order-1".into(),
            kind: reward.kind.clone(),
            unit: reward.unit.clone(),
            currency: None,
            amount: 4,
            used_at: Time(6),
        };
        let used = reward_uses::insert(&mut tx, &used).await?;
        reward.spend(4, Time(6));
        rewards::update(&mut tx, std::slice::from_mut(&mut reward), used, Time(6)).await?;
        let moved = of_reward(&mut tx, reward.id, 9).await?;
        let told: Vec<_> = moved.iter().map(|moved| (moved.at, moved.cause, moved.amount)).collect();
        assert_eq!(told, [(Time(1), Cause::Granted, 10), (Time(5), Cause::Activated, 10), (Time(6), Cause::Used, 4)]);
        assert_eq!(
            (moved[2].use_id, moved[2].source_id.as_deref(), &moved[1].source_id),
            (used, Some("order-1"), &None)
        );
        assert_eq!(of_reward(&mut tx, reward.id, 1).await?, moved[2..]);
        tx.commit().await
    });
}
