//! Uses of balances.

use crate::{
    domain::{
        ids::{RewardId, RewardUseId, UserId},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        export::Row,
    },
};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

/// A use as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct RewardUse {
    pub id: RewardUseId,
    pub user_id: UserId,
    /// The host product's name of it.
    pub source_id: String,
    pub kind: String,
    pub unit: Option<String>,
    pub currency: Option<String>,
    pub amount: i64,
    pub used_at: Time,
}

impl Row for RewardUse {
    type Key = i64;

    const TYPE: &'static str = "reward_use";
    const TABLE: &'static str = "reward_uses";
    const COUNT: &'static str = "SELECT COUNT(*) FROM reward_uses";
    const PAGE: &'static str = "SELECT id, user_id, source_id, kind, unit, currency, amount, used_at
         FROM reward_uses
         WHERE id > $1
         ORDER BY id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.id.0
    }
}

/// Keeps a use, its id apart; nothing when the user has one of this name.
pub async fn insert(tx: &mut Tx, new: &RewardUse) -> sqlx::Result<Option<RewardUseId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO reward_uses (user_id, source_id, kind, unit, currency, amount, used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT DO NOTHING
         RETURNING id")
        .bind(new.user_id)
        .bind(&new.source_id)
        .bind(&new.kind)
        .bind(&new.unit)
        .bind(&new.currency)
        .bind(new.amount)
        .bind(new.used_at)
        .fetch_optional(conn).await)
}

/// The use that a host product calls so.
pub async fn by_source(tx: &mut Tx, user: UserId, source_id: &str) -> sqlx::Result<Option<RewardUse>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT id, user_id, source_id, kind, unit, currency, amount, used_at
         FROM reward_uses
         WHERE user_id = $1
           AND source_id = $2")
        .bind(user)
        .bind(source_id)
        .fetch_optional(conn).await)
}

/// From which rewards a use took how much.
pub async fn taken(tx: &mut Tx, id: RewardUseId) -> sqlx::Result<Vec<(RewardId, i64)>> {
    with_conn!(tx, conn => sqlx::query_as("SELECT reward_id, amount FROM reward_transfers WHERE use_id = $1 ORDER BY id")
        .bind(id)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{db_test, fixtures, rewards};

    db_test!(a_use_is_known_by_its_name_and_says_what_it_took, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let rule = fixtures::rule(&mut tx).await?;
        let mut lot = [fixtures::reward(&mut tx, rule, ann, UserId(77)).await?];
        let new = RewardUse {
            id: RewardUseId(0),
            user_id: ann,
            source_id: "order-1".into(),
            kind: "extra_messages".into(),
            unit: Some("messages".into()),
            currency: None,
            amount: 3,
            used_at: Time(6),
        };
        let id = insert(&mut tx, &new).await?.expect("an id");
        assert_eq!(insert(&mut tx, &new).await?, None);
        assert_eq!(by_source(&mut tx, ann, "order-1").await?, Some(RewardUse { id, ..new }));
        assert_eq!(by_source(&mut tx, UserId(77), "order-1").await?, None);
        lot[0].moved.clear();
        lot[0].pending = 0;
        lot[0].available = 10;
        lot[0].spend(3, Time(6));
        rewards::update(&mut tx, &mut lot, Some(id), Time(6)).await?;
        assert_eq!(taken(&mut tx, id).await?, [(lot[0].id, 3)]);
        tx.commit().await
    });
}
