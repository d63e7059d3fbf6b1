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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::DAY,
        server::store::{db_test, fixtures, rewards},
    };

    db_test!(a_balance_is_the_sum_of_what_can_be_used_now, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let rule = fixtures::rule(&mut tx).await?;
        let mut made = vec![];
        for referee in 77..81 {
            made.push(fixtures::reward(&mut tx, rule, ann, UserId(referee)).await?);
        }
        made[0].advance(Time(5), None);
        made[0].spend(4, Time(5));
        made[1].advance(Time(5), None);
        made[1].set_frozen(true, Time(5));
        made[2].advance(Time(5), None);
        made[2].spend(10, Time(5));
        made[2].stand_at(0, None);
        rewards::update(&mut tx, &mut made, None, Time(5)).await?;
        let expected = Balance {
            kind: "extra_messages".into(),
            unit: Some("messages".into()),
            currency: None,
            pending: 10,
            available: 6,
            frozen: 10,
            redeemed: 14,
            expired: 0,
            owed: 10,
        };
        assert_eq!(of_user(&mut tx, ann, Time(6)).await?, std::slice::from_ref(&expected));
        // A day later what was left has expired, before anybody has noticed; what is frozen has not.
        let later = Balance { available: 0, expired: 6, ..expected };
        assert_eq!(of_user(&mut tx, ann, Time(5).plus(DAY)).await?, [later]);
        tx.commit().await
    });
}
