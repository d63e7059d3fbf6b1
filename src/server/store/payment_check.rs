//! Recounting what payments count: every counter of conversions and revenue against the rows that it counts.

use crate::server::store::{
    counter_check::CounterMismatch,
    db::{Tx, with_conn},
};

/// Recounts conversions and revenue; empty when all counters are right.
pub async fn find_mismatches(tx: &mut Tx) -> sqlx::Result<Vec<CounterMismatch>> {
    with_conn!(tx, conn => sqlx::query_as(
        "WITH compared AS (
             SELECT 'code ' || code_id || ' revenue ' || currency AS what, counter, counted
             FROM (SELECT code_id, currency, revenue AS counter, 0 AS counted FROM code_revenue
                   UNION ALL
                   SELECT code_id, currency, 0, revenue FROM payments WHERE code_id IS NOT NULL) AS codes
             UNION ALL
             SELECT 'code ' || code_id || ' day ' || day || ' revenue ' || currency, counter, counted
             FROM (SELECT code_id, day, currency, revenue AS counter, 0 AS counted FROM code_day_revenue
                   UNION ALL
                   SELECT code_id, occurred_at / 86400000, currency, 0, revenue
                   FROM payments WHERE code_id IS NOT NULL) AS days
             UNION ALL
             SELECT 'hour ' || hour || ' revenue ' || currency, counter, counted
             FROM (SELECT hour, currency, revenue AS counter, 0 AS counted FROM program_hour_revenue
                   UNION ALL
                   SELECT occurred_at / 3600000, currency, 0, revenue FROM payments WHERE code_id IS NOT NULL) AS hours
             UNION ALL
             SELECT 'code ' || code_id || ' day ' || day || ' conversions', counter, counted
             FROM (SELECT code_id, day, conversions AS counter, 0 AS counted FROM code_days
                   UNION ALL
                   SELECT code_id, converted_at / 86400000, 0, 1
                   FROM referrals WHERE converted_at IS NOT NULL) AS code_conversions
             UNION ALL
             SELECT 'hour ' || hour || ' conversions', counter, counted
             FROM (SELECT hour, conversions AS counter, 0 AS counted FROM program_hours
                   UNION ALL
                   SELECT converted_at / 3600000, 0, 1
                   FROM referrals WHERE converted_at IS NOT NULL) AS hour_conversions
             UNION ALL
             SELECT 'referral of user ' || referee_id || ' converted at', counter, counted
             FROM (SELECT referee_id, COALESCE(converted_at, 0) AS counter, 0 AS counted FROM referrals
                   UNION ALL
                   SELECT user_id, 0, MIN(occurred_at)
                   FROM payments WHERE state IN ('counted', 'disputed') GROUP BY user_id) AS first_payments
         )
         SELECT what, CAST(SUM(counter) AS BIGINT) AS counter, CAST(SUM(counted) AS BIGINT) AS rows
         FROM compared
         GROUP BY what
         HAVING SUM(counter) <> SUM(counted)
         ORDER BY what
         LIMIT 1000")
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Time,
        server::store::{
            db_test, fixtures,
            revenue::{self, ConversionChange, RevenueChange},
        },
    };

    db_test!(counters_without_payments_are_found, |db| {
        let mut tx = db.begin().await?;
        let code = fixtures::Campaign::default().insert(&mut tx, "SPRING").await?;
        assert_eq!(find_mismatches(&mut tx).await?, []);
        let revenue = RevenueChange { code, at: Time(5), currency: "USD".into(), amount: 7 };
        revenue::add_revenue(&mut tx, &[revenue]).await?;
        revenue::add_conversions(&mut tx, &[ConversionChange { code, at: Time(5), count: 1 }]).await?;
        let found = find_mismatches(&mut tx).await?;
        let what: Vec<&str> = found.iter().map(|row| row.what.as_str()).collect();
        assert_eq!(
            what,
            [
                "code 1 day 0 conversions",
                "code 1 day 0 revenue USD",
                "code 1 revenue USD",
                "hour 0 conversions",
                "hour 0 revenue USD",
            ]
        );
        assert_eq!((found[2].counter, found[2].rows), (7, 0));
        tx.commit().await
    });
}
