//! The numbers of the whole program.

use crate::{
    domain::time::{DAY, Time},
    server::store::{
        codes::switched_on,
        db::{Tx, with_conn},
        revenue_days::DayRevenue,
    },
    view_models::{
        overview::{TopCode, TopReferrer, Totals},
        statistics::{DayCounts, NewInPeriod, PeriodCounts},
    },
};

/// Counts codes and users; sums their counters.
pub async fn totals(tx: &mut Tx, now: Time) -> sqlx::Result<Totals> {
    with_conn!(tx, conn => sqlx::query_as(concat!(
        "SELECT COUNT(*) AS total_codes,
                CAST(COALESCE(SUM(CASE WHEN ", switched_on!(), "
                                        AND (expires_at IS NULL OR expires_at > $1)
                                        AND (max_uses IS NULL OR uses < max_uses)
                                       THEN 1 ELSE 0 END), 0) AS BIGINT) AS active_codes,
                CAST(COALESCE(SUM(uses), 0) AS BIGINT) AS total_usage,
                CAST(COALESCE(SUM(CASE WHEN uses > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS codes_with_usage,
                (SELECT COUNT(*) FROM users) AS users
         FROM codes c
         WHERE deleted_at IS NULL"))
        .bind(now)
        .fetch_one(conn).await)
}

/// What became new since the beginning of a day.
pub async fn new_since(tx: &mut Tx, from_day: i64) -> sqlx::Result<NewInPeriod> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM codes WHERE created_at >= $1 AND deleted_at IS NULL) AS codes,
                (SELECT COUNT(*) FROM users WHERE created_at >= $1) AS users,
                (SELECT COUNT(DISTINCT code_id) FROM referrals WHERE signed_up_at >= $1) AS codes_with_usage")
        .bind(from_day * DAY)
        .fetch_one(conn).await)
}

/// What links brought since the beginning of a day.
pub async fn counts_since(tx: &mut Tx, from_day: i64) -> sqlx::Result<PeriodCounts> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(clicks), 0) AS BIGINT) AS clicks,
                CAST(COALESCE(SUM(unique_clicks), 0) AS BIGINT) AS unique_clicks,
                CAST(COALESCE(SUM(signups), 0) AS BIGINT) AS signups,
                CAST(COALESCE(SUM(conversions), 0) AS BIGINT) AS conversions
         FROM program_hours
         WHERE hour >= $1")
        .bind(from_day * 24)
        .fetch_one(conn).await)
}

/// What happened in the program by day. Empty days are left out.
pub async fn days(tx: &mut Tx, from_day: i64) -> sqlx::Result<Vec<DayCounts>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT hour / 24 * $2 AS start,
                CAST(SUM(clicks) AS BIGINT) AS clicks,
                CAST(SUM(signups) AS BIGINT) AS signups,
                CAST(SUM(conversions) AS BIGINT) AS conversions
         FROM program_hours
         WHERE hour >= $1
         GROUP BY hour / 24
         ORDER BY hour / 24")
        .bind(from_day * 24)
        .bind(DAY)
        .fetch_all(conn).await)
}

/// The codes with most sign-ups since a day.
pub async fn top_codes(tx: &mut Tx, from_day: i64, limit: i64) -> sqlx::Result<Vec<TopCode>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT c.id, c.code, c.kind = 'personal' AS personal, c.owner_id, c.deleted_at IS NOT NULL AS deleted,
                t.clicks, t.signups, t.conversions
         FROM (SELECT code_id,
                      CAST(SUM(clicks) AS BIGINT) AS clicks,
                      CAST(SUM(signups) AS BIGINT) AS signups,
                      CAST(SUM(conversions) AS BIGINT) AS conversions
               FROM code_days
               WHERE day >= $1
               GROUP BY code_id
               ORDER BY 3 DESC, 2 DESC
               LIMIT $2) t
         JOIN codes c ON c.id = t.code_id
         ORDER BY t.signups DESC, t.clicks DESC, c.code")
        .bind(from_day)
        .bind(limit)
        .fetch_all(conn).await)
}

/// When the first thing happened that is counted by day, or the first account was made.
pub async fn beginning(tx: &mut Tx) -> sqlx::Result<Option<Time>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT MIN(at)
         FROM (SELECT MIN(hour) * 3600000 AS at FROM program_hours
               UNION ALL
               SELECT created_at FROM (SELECT created_at FROM users ORDER BY id LIMIT 1) u) f")
        .fetch_one(conn).await)
}

/// New accounts of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct NewUsers {
    /// Days since 1970, UTC.
    pub day: i64,
    pub users: i64,
}

/// Accounts that were made since a day, by day.
pub async fn new_users(tx: &mut Tx, from_day: i64) -> sqlx::Result<Vec<NewUsers>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT created_at / 86400000 AS day, COUNT(*) AS users
         FROM users
         WHERE created_at >= $1
         GROUP BY created_at / 86400000
         ORDER BY day")
        .bind(from_day * DAY)
        .fetch_all(conn).await)
}

/// Credit that was given since a day and not taken back before it was active, by day and currency.
pub async fn credit_given(tx: &mut Tx, from_day: i64) -> sqlx::Result<Vec<DayRevenue>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT created_at / 86400000 AS day, CAST(SUM(issued - void) AS BIGINT) AS amount, currency
         FROM rewards
         WHERE kind = 'account_credit'
           AND currency IS NOT NULL
           AND created_at >= $1
         GROUP BY created_at / 86400000, currency
         HAVING SUM(issued - void) <> 0
         ORDER BY day, currency")
        .bind(from_day * DAY)
        .fetch_all(conn).await)
}

/// The users by whose codes most have signed up since a day.
pub async fn top_referrers(tx: &mut Tx, from_day: i64, limit: i64) -> sqlx::Result<Vec<TopReferrer>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT u.id, u.username,
                CAST(SUM(d.signups) AS BIGINT) AS signups,
                CAST(SUM(d.conversions) AS BIGINT) AS conversions
         FROM code_days d
         JOIN codes c ON c.id = d.code_id
         JOIN users u ON u.id = COALESCE(c.owner_id, c.beneficiary_id)
         WHERE d.day >= $1
           AND (d.signups <> 0 OR d.conversions <> 0)
         GROUP BY u.id, u.username
         ORDER BY SUM(d.signups) DESC, SUM(d.conversions) DESC, u.username
         LIMIT $2")
        .bind(from_day)
        .bind(limit)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{
        codes, counters, db_test, fixtures,
        revenue::{self, ConversionChange},
    };

    db_test!(totals_count_what_there_is, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let id = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        fixtures::Campaign { active: false, max_uses: Some(1), ..Default::default() }.insert(&mut tx, "SPRING").await?;
        codes::claim(&mut tx, id, Time(5)).await?;
        counters::add_signups(&mut tx, id, Time(5), 1).await?;
        let expected = Totals { total_codes: 2, active_codes: 1, total_usage: 1, codes_with_usage: 1, users: 1 };
        assert_eq!(totals(&mut tx, Time(9)).await?, expected);
        let new = new_since(&mut tx, 0).await?;
        assert_eq!((new.codes, new.users, new.codes_with_usage), (2, 1, 0));
        assert_eq!((counts_since(&mut tx, 0).await?.signups, counts_since(&mut tx, 1).await?.signups), (1, 0));
        assert_eq!(new_since(&mut tx, 1).await?.codes, 0);
        revenue::add_conversions(&mut tx, &[ConversionChange { code: id, at: Time(6), count: 1 }]).await?;
        assert_eq!(days(&mut tx, 0).await?, [DayCounts { start: Time(0), clicks: 0, signups: 1, conversions: 1 }]);
        let top = top_codes(&mut tx, 0, 5).await?;
        let best = top.iter().map(|top| (top.code.as_str(), top.owner_id, top.deleted, top.signups, top.conversions));
        assert_eq!(best.collect::<Vec<_>>(), [("ANN-1", Some(ann), false, 1, 1)]);
        let best = TopReferrer { id: ann, username: "ann".into(), signups: 1, conversions: 1 };
        assert_eq!(top_referrers(&mut tx, 0, 5).await?, [best]);
        assert_eq!(new_users(&mut tx, 0).await?, [NewUsers { day: 0, users: 1 }]);
        assert_eq!((beginning(&mut tx).await?, credit_given(&mut tx, 0).await?), (Some(Time(0)), vec![]));
        tx.commit().await
    });
}
