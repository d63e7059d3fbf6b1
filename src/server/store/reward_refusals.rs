//! Rewards that were not given when their occasion came: they never come later.

use crate::{
    domain::{ids::UserId, rewards::refusal::RefusalReason, time::Time},
    server::store::{
        db::{Tx, with_conn},
        export::Row,
        json::json,
    },
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, QueryBuilder};

/// A reward that was not given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct RefusalRecord {
    pub granted_by: String,
    pub user_id: UserId,
    pub occasion: String,
    pub referee_id: UserId,
    pub reason: RefusalReason,
    pub refused_at: Time,
}

impl Row for RefusalRecord {
    type Key = i64;

    const TYPE: &'static str = "reward_refusal";
    const TABLE: &'static str = "reward_refusals";
    const COUNT: &'static str = "SELECT COUNT(*) FROM reward_refusals";
    const PAGE: &'static str = "SELECT granted_by, user_id, occasion, referee_id, reason, refused_at
         FROM reward_refusals
         WHERE referee_id IN (SELECT DISTINCT referee_id FROM reward_refusals WHERE referee_id > $1 ORDER BY 1 LIMIT $2)
         ORDER BY referee_id, granted_by, user_id, occasion";

    fn key(&self) -> Self::Key {
        self.referee_id.0
    }
}

/// Keeps refusals.
pub async fn insert(tx: &mut Tx, refused: &[RefusalRecord]) -> sqlx::Result<()> {
    if refused.is_empty() {
        return Ok(());
    }
    let sql = tx.dialect(
        "INSERT INTO reward_refusals (granted_by, user_id, occasion, referee_id, reason, refused_at)
         SELECT value ->> 'granted_by', value ->> 'user_id', value ->> 'occasion', value ->> 'referee_id',
                value ->> 'reason', value ->> 'refused_at'
         FROM json_each($1)
         WHERE TRUE
         ON CONFLICT DO NOTHING",
        "INSERT INTO reward_refusals (granted_by, user_id, occasion, referee_id, reason, refused_at)
         SELECT granted_by, user_id, occasion, referee_id, reason, refused_at
         FROM json_populate_recordset(NULL::reward_refusals, $1::json)
         ON CONFLICT DO NOTHING",
    );
    with_conn!(tx, conn => sqlx::query(sql).bind(json(refused)).execute(conn).await.map(|_| ()))
}

/// The refusals of rewards for these referees.
pub async fn of_referees(tx: &mut Tx, referees: &[UserId]) -> sqlx::Result<Vec<RefusalRecord>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new(
        "SELECT granted_by, user_id, occasion, referee_id, reason, refused_at FROM reward_refusals WHERE referee_id IN ")
        .push(before)
        .push_bind(json(referees))
        .push(after)
        .build_query_as()
        .fetch_all(conn).await)
}

/// The refusals of rewards for what one person has reached on one occasion.
pub async fn of_occasion(tx: &mut Tx, user: UserId, occasion: &str) -> sqlx::Result<Vec<RefusalRecord>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT granted_by, user_id, occasion, referee_id, reason, refused_at
         FROM reward_refusals
         WHERE user_id = $1
           AND occasion = $2")
        .bind(user)
        .bind(occasion.to_owned())
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    db_test!(a_refusal_is_kept_once, |db| {
        let mut tx = db.begin().await?;
        let refused = RefusalRecord {
            granted_by: "rule:1".into(),
            user_id: UserId(1),
            occasion: "signup:2".into(),
            referee_id: UserId(2),
            reason: RefusalReason::CapReached,
            refused_at: Time(3),
        };
        let again = RefusalRecord { reason: RefusalReason::NoAccount, ..refused.clone() };
        insert(&mut tx, &[refused.clone(), again.clone()]).await?;
        insert(&mut tx, &[again]).await?;
        insert(&mut tx, &[]).await?;
        assert_eq!(of_occasion(&mut tx, UserId(1), "signup:2").await?, std::slice::from_ref(&refused));
        assert_eq!(of_referees(&mut tx, &[UserId(2)]).await?, [refused]);
        assert_eq!(of_occasion(&mut tx, UserId(1), "signup:3").await?, []);
        assert_eq!(of_occasion(&mut tx, UserId(2), "signup:2").await?, []);
        assert_eq!(of_referees(&mut tx, &[UserId(3)]).await?, []);
        tx.commit().await
    });
}
