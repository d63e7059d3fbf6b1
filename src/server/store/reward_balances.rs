//! Balances: what somebody has of each kind, summed over their rewards.

use crate::{
    domain::{ids::UserId, time::Time},
    server::store::db::{Tx, with_conn},
    view_models::rewards::Balance,
};

/// The balances of a user at a time: one for each kind, unit and currency.
pub async fn of_user(tx: &mut Tx, user: UserId, now: Time) -> sqlx::Result<Vec<Balance>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT kind, unit, currency,
                CAST(SUM(pending) AS BIGINT) AS pending,
                CAST(SUM(CASE WHEN available > 0 AND frozen_at IS NULL AND (valid_until IS NULL OR valid_until > $2)
                              THEN available ELSE 0 END) AS BIGINT) AS available,
                CAST(SUM(CASE WHEN available > 0 AND frozen_at IS NOT NULL THEN available ELSE 0 END) AS BIGINT) AS frozen,
                CAST(SUM(redeemed) AS BIGINT) AS redeemed,
                CAST(SUM(expired + CASE WHEN available > 0 AND frozen_at IS NULL AND valid_until <= $2
                                        THEN available ELSE 0 END) AS BIGINT) AS expired,
                CAST(SUM(CASE WHEN available < 0 THEN -available ELSE 0 END) AS BIGINT) AS owed
         FROM rewards
         WHERE user_id = $1
           AND kind <> 'choice'
         GROUP BY kind, unit, currency
         ORDER BY kind, currency, unit")
        .bind(user)
        .bind(now)
        .fetch_all(conn).await)
}
