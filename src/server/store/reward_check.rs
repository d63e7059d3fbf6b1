//! Recounting the ledger of rewards: every amount against its transfers, every reward against its events.

use crate::{
    domain::ids::RewardId,
    server::store::{
        counter_check::CounterMismatch,
        db::{Tx, with_conn},
    },
};

/// Sums all transfers; empty when all amounts are right.
pub async fn find_mismatches(tx: &mut Tx) -> sqlx::Result<Vec<CounterMismatch>> {
    with_conn!(tx, conn => sqlx::query_as(
        "WITH moved AS (
             SELECT reward_id, to_place AS place, amount FROM reward_transfers
             UNION ALL
             SELECT reward_id, from_place, -amount FROM reward_transfers
         ), compared AS (
             SELECT reward_id, place, 0 AS counter,
                    CASE WHEN place IN ('issued', 'settled') THEN -amount ELSE amount END AS counted
             FROM moved
             UNION ALL SELECT id, 'issued', issued, 0 FROM rewards
             UNION ALL SELECT id, 'pending', pending, 0 FROM rewards
             UNION ALL SELECT id, 'available', available, 0 FROM rewards
             UNION ALL SELECT id, 'redeemed', redeemed, 0 FROM rewards
             UNION ALL SELECT id, 'expired', expired, 0 FROM rewards
             UNION ALL SELECT id, 'void', void, 0 FROM rewards
             UNION ALL SELECT id, 'settled', settled, 0 FROM rewards
         )
         SELECT 'reward ' || reward_id || ' ' || place AS what, CAST(SUM(counter) AS BIGINT) AS counter,
                CAST(SUM(counted) AS BIGINT) AS rows
         FROM compared
         GROUP BY reward_id, place
         HAVING SUM(counter) <> SUM(counted)
         ORDER BY reward_id, place
         LIMIT 1000")
        .fetch_all(conn).await)
}

/// Rewards that no event tells of, of the time that events are kept for.
pub async fn without_event(tx: &mut Tx) -> sqlx::Result<Vec<RewardId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT w.id
         FROM rewards w
         WHERE w.created_at > (SELECT MIN(created_at) FROM events)
           AND NOT EXISTS (SELECT * FROM events e WHERE e.type LIKE 'reward.%' AND e.object_id = w.id)
         ORDER BY w.id
         LIMIT 1000")
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            events::{EventKind, NewEvent},
            ids::UserId,
            time::Time,
        },
        server::store::{db_test, events, fixtures},
    };

    db_test!(rewards_that_nobody_was_told_of_are_found, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let rule = fixtures::rule(&mut tx).await?;
        let (told, untold) = (
            fixtures::reward(&mut tx, rule, ann, UserId(77)).await?,
            fixtures::reward(&mut tx, rule, ann, UserId(78)).await?,
        );
        assert_eq!(without_event(&mut tx).await?, [], "events of then are not kept any more");
        let event = |kind, object_id, at| NewEvent {
            kind,
            object_id,
            version: 1,
            about: None,
            data: serde_json::json!({}),
            at: Time(at),
        };
        let events = [event(EventKind::UserCreated, untold.id.0, 0), event(EventKind::RewardPending, told.id.0, 1)];
        events::insert(&mut tx, &events).await?;
        assert_eq!(without_event(&mut tx).await?, [untold.id]);
        assert_eq!(find_mismatches(&mut tx).await?, []);
        tx.commit().await
    });
}
