//! What waits for admins: a few rows of indexes that hold nothing else.

use crate::{
    server::store::db::{Tx, with_conn},
    view_models::page::Waiting,
};

/// The query, with what to call the rewards in it.
macro_rules! counts {
    ($rewards:literal) => {
        concat!(
            "SELECT (SELECT COUNT(*)
                     FROM (SELECT 1 FROM reviews WHERE closed_at IS NULL AND decided_at IS NULL LIMIT $1) r) AS reviews,
                    (SELECT COUNT(*)
                     FROM (SELECT 1
                           FROM ", $rewards, "
                           WHERE state = 'pending' AND needs_approval AND approved_at IS NULL
                           LIMIT $1) w) AS approvals,
                    (SELECT COUNT(*)
                     FROM (SELECT 1
                           FROM rewards
                           WHERE delivery IN ('waiting', 'failed') AND delivery = 'failed'
                           LIMIT $1) d) AS failed_deliveries,
                    (SELECT COUNT(*)
                     FROM webhook_endpoints
                     WHERE (active AND failing_since IS NOT NULL)
                        OR (NOT active AND gone_at IS NOT NULL)) AS webhooks,
                    (SELECT COUNT(*)
                     FROM (SELECT 1
                           FROM (SELECT parked_because
                                 FROM payments
                                 WHERE state = 'parked'
                                 ORDER BY id DESC
                                 LIMIT 1000) p
                           WHERE parked_because = 'unknown_person'
                           LIMIT $1) u) AS unmatched_payments"
        )
    };
}

/// Counts what waits, each up to [`Waiting::MOST`]. Of the payments that count nowhere the latest thousand are looked
/// at.
pub async fn count(tx: &mut Tx) -> sqlx::Result<Waiting> {
    // Without statistics SQLite would walk through all pending rewards; the failed deliveries say twice which they are,
    // so that it knows their index.
    let sql = tx.dialect(counts!("rewards INDEXED BY rewards_unapproved"), counts!("rewards"));
    with_conn!(tx, conn => sqlx::query_as(sql).bind(Waiting::MOST).fetch_one(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{ids::UserId, time::Time},
        server::store::{
            db_test, fixtures,
            reviews::{self, NewReview},
        },
    };

    db_test!(what_waits_is_counted, |db| {
        let mut tx = db.begin().await?;
        assert!(count(&mut tx).await?.is_empty());
        let code = fixtures::Campaign::default().insert(&mut tx, "SPRING").await?;
        for referee in [7, 8].map(UserId) {
            let new = NewReview { referee, referrer: None, code, signs: &[], origin: None, at: Time(1) };
            reviews::insert(&mut tx, &new).await?;
        }
        assert_eq!(count(&mut tx).await?, Waiting { reviews: 2, ..Waiting::default() });
        tx.commit().await
    });
}
