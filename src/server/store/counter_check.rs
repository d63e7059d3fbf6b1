//! Recounting: every counter against the rows that it counts.

use crate::server::store::db::{Tx, with_conn};

/// A counter that differs from what it counts.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CounterMismatch {
    /// What was counted, as `code 12 clicks`.
    pub what: String,
    pub counter: i64,
    pub rows: i64,
}

/// Recounts everything; empty when all counters are right. Takes time in proportion to all clicks: counters and rows
/// are summed side by side, because SQLite compares each with each in a full join.
pub async fn find_mismatches(tx: &mut Tx) -> sqlx::Result<Vec<CounterMismatch>> {
    with_conn!(tx, conn => sqlx::query_as(
        "WITH click_tally AS (
             SELECT code_id, COUNT(*) AS clicks, SUM(CASE WHEN first THEN 1 ELSE 0 END) AS firsts
             FROM clicks
             WHERE counted
             GROUP BY code_id
         ), day_tally AS (
             SELECT code_id, at / 86400000 AS day, COUNT(*) AS clicks, SUM(CASE WHEN first THEN 1 ELSE 0 END) AS firsts
             FROM clicks
             WHERE counted
             GROUP BY code_id, at / 86400000
         ), channel_tally AS (
             SELECT code_id, at / 86400000 AS day, COALESCE(channel, 'direct') AS channel, COUNT(*) AS clicks
             FROM clicks
             WHERE counted
             GROUP BY code_id, at / 86400000, COALESCE(channel, 'direct')
         ), hour_tally AS (
             SELECT at / 3600000 AS hour, COUNT(*) AS clicks, SUM(CASE WHEN first THEN 1 ELSE 0 END) AS firsts
             FROM clicks
             WHERE counted
             GROUP BY at / 3600000
         ), signup_tally AS (
             SELECT code_id, COUNT(*) AS signups, SUM(CASE WHEN converted_at IS NULL THEN 0 ELSE 1 END) AS conversions
             FROM referrals
             GROUP BY code_id
         ), signup_days AS (
             SELECT code_id, signed_up_at / 86400000 AS day, COUNT(*) AS signups
             FROM referrals
             GROUP BY code_id, signed_up_at / 86400000
         ), signup_hours AS (
             SELECT signed_up_at / 3600000 AS hour, COUNT(*) AS signups
             FROM referrals
             GROUP BY signed_up_at / 3600000
         ), days AS (
             SELECT code_id, day, SUM(clicks) AS clicks, SUM(firsts) AS firsts, SUM(signups) AS signups,
                    SUM(clicks_counted) AS clicks_counted, SUM(firsts_counted) AS firsts_counted,
                    SUM(signups_counted) AS signups_counted
             FROM (SELECT code_id, day, clicks, unique_clicks AS firsts, signups,
                          0 AS clicks_counted, 0 AS firsts_counted, 0 AS signups_counted
                   FROM code_days
                   UNION ALL
                   SELECT code_id, day, 0, 0, 0, clicks, firsts, 0 FROM day_tally
                   UNION ALL
                   SELECT code_id, day, 0, 0, 0, 0, 0, signups FROM signup_days) AS either
             GROUP BY code_id, day
         ), channels AS (
             SELECT code_id, day, channel, SUM(clicks) AS clicks, SUM(clicks_counted) AS clicks_counted
             FROM (SELECT code_id, day, channel, clicks, 0 AS clicks_counted FROM code_channel_days
                   UNION ALL
                   SELECT code_id, day, channel, 0, clicks FROM channel_tally) AS either
             GROUP BY code_id, day, channel
         ), hours AS (
             SELECT hour, SUM(clicks) AS clicks, SUM(firsts) AS firsts, SUM(signups) AS signups,
                    SUM(clicks_counted) AS clicks_counted, SUM(firsts_counted) AS firsts_counted,
                    SUM(signups_counted) AS signups_counted
             FROM (SELECT hour, clicks, unique_clicks AS firsts, signups,
                          0 AS clicks_counted, 0 AS firsts_counted, 0 AS signups_counted
                   FROM program_hours
                   UNION ALL
                   SELECT hour, 0, 0, 0, clicks, firsts, 0 FROM hour_tally
                   UNION ALL
                   SELECT hour, 0, 0, 0, 0, 0, signups FROM signup_hours) AS either
             GROUP BY hour
         ), compared AS (
             SELECT 'code ' || c.id || ' clicks' AS what, c.clicks AS counter, COALESCE(t.clicks, 0) AS counted
             FROM codes_with_clicks c LEFT JOIN click_tally t ON t.code_id = c.id
             UNION ALL
             SELECT 'code ' || c.id || ' unique clicks', c.unique_clicks, COALESCE(t.firsts, 0)
             FROM codes_with_clicks c LEFT JOIN click_tally t ON t.code_id = c.id
             UNION ALL
             SELECT 'code ' || c.id || ' sign-ups', c.signups, COALESCE(t.signups, 0)
             FROM codes c LEFT JOIN signup_tally t ON t.code_id = c.id
             UNION ALL
             SELECT 'code ' || c.id || ' uses', c.uses, COALESCE(t.signups, 0)
             FROM codes c LEFT JOIN signup_tally t ON t.code_id = c.id
             UNION ALL
             SELECT 'code ' || c.id || ' conversions', c.conversions, COALESCE(t.conversions, 0)
             FROM codes c LEFT JOIN signup_tally t ON t.code_id = c.id
             UNION ALL
             SELECT 'code ' || code_id || ' day ' || day || ' clicks', clicks, clicks_counted FROM days
             UNION ALL
             SELECT 'code ' || code_id || ' day ' || day || ' unique clicks', firsts, firsts_counted FROM days
             UNION ALL
             SELECT 'code ' || code_id || ' day ' || day || ' sign-ups', signups, signups_counted FROM days
             UNION ALL
             SELECT 'code ' || code_id || ' day ' || day || ' ' || channel || ' clicks', clicks, clicks_counted
             FROM channels
             UNION ALL
             SELECT 'hour ' || hour || ' clicks', clicks, clicks_counted FROM hours
             UNION ALL
             SELECT 'hour ' || hour || ' unique clicks', firsts, firsts_counted FROM hours
             UNION ALL
             SELECT 'hour ' || hour || ' sign-ups', signups, signups_counted FROM hours
         )
         SELECT what, CAST(counter AS BIGINT) AS counter, CAST(counted AS BIGINT) AS rows
         FROM compared
         WHERE counter <> counted
         ORDER BY what
         LIMIT 1000")
        .fetch_all(conn).await)
}

/// What was recounted: codes, counted clicks, sign-ups.
pub async fn totals(tx: &mut Tx) -> sqlx::Result<(i64, i64, i64)> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM codes),
                (SELECT COUNT(*) FROM clicks WHERE counted),
                (SELECT COUNT(*) FROM referrals)")
        .fetch_one(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Time,
        server::store::{codes, counters, db_test, fixtures},
    };

    db_test!(a_counter_without_its_rows_is_found, |db| {
        let mut tx = db.begin().await?;
        let id = fixtures::Campaign::default().insert(&mut tx, "SPRING").await?;
        assert_eq!(find_mismatches(&mut tx).await?, []);
        codes::claim(&mut tx, id, Time(1)).await?;
        counters::add_signups(&mut tx, id, Time(1), 1).await?;
        let found = find_mismatches(&mut tx).await?;
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!((found[0].counter, found[0].rows), (1, 0));
        assert_eq!(totals(&mut tx).await?, (1, 0, 0));
        tx.commit().await
    });
}
