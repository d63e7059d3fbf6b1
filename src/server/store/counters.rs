//! Reading and moving the counters of codes, days and hours.

use crate::{
    domain::{
        ids::{CodeId, UserId},
        time::{DAY, Time},
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
    view_models::{statistics::DayCounts, stats::UserStats},
};
use sqlx::QueryBuilder;

/// Adds sign-ups to the day of a code and the hour of the program, or takes them away when `count` is negative; the
/// code's own counter moves when it is claimed.
pub async fn add_signups(tx: &mut Tx, code: CodeId, at: Time, count: i64) -> sqlx::Result<()> {
    with_conn!(tx, conn => {
        sqlx::query(
            "INSERT INTO code_days (code_id, day, signups)
             VALUES ($1, $2, $3)
             ON CONFLICT (day, code_id) DO UPDATE SET signups = code_days.signups + excluded.signups")
            .bind(code)
            .bind(at.day())
            .bind(count)
            .execute(&mut *conn).await?;
        sqlx::query(
            "INSERT INTO program_hours (hour, signups)
             VALUES ($1, $2)
             ON CONFLICT (hour) DO UPDATE SET signups = program_hours.signups + excluded.signups")
            .bind(at.hour())
            .bind(count)
            .execute(conn).await.map(|_| ())
    })
}

/// A user's numbers over all codes that credit them; `None` when there is no such user.
pub async fn of_user(tx: &mut Tx, user: UserId) -> sqlx::Result<Option<UserStats>> {
    Ok(of_users(tx, &[user]).await?.pop().map(|(_, stats)| stats))
}

/// The numbers of many users in one query.
pub async fn of_users(tx: &mut Tx, users: &[UserId]) -> sqlx::Result<Vec<(UserId, UserStats)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        id: UserId,
        #[sqlx(flatten)]
        stats: UserStats,
    }
    let (before, after) = tx.selected_ids();
    let rows: Vec<Row> = with_conn!(tx, conn => QueryBuilder::new(
        "SELECT u.id, u.referral_goal AS goal,
                CAST(COALESCE(SUM(c.clicks), 0) AS BIGINT) AS clicks,
                CAST(COALESCE(SUM(c.unique_clicks), 0) AS BIGINT) AS unique_clicks,
                CAST(COALESCE(SUM(c.signups), 0) AS BIGINT) AS signups,
                CAST(COALESCE(SUM(c.conversions), 0) AS BIGINT) AS conversions
         FROM users u
         LEFT JOIN codes_with_clicks c ON c.owner_id = u.id OR c.beneficiary_id = u.id
         WHERE u.id IN ")
        .push(before)
        .push_bind(json(users))
        .push(after)
        .push(" GROUP BY u.id")
        .build_query_as()
        .fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|row| (row.id, row.stats)).collect())
}

/// Clicks and sign-ups by day over all codes that credit this user. Empty days are left out.
pub async fn days_of(tx: &mut Tx, user: UserId, from_day: i64) -> sqlx::Result<Vec<DayCounts>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT d.day * $3 AS start,
                CAST(SUM(d.clicks) AS BIGINT) AS clicks,
                CAST(SUM(d.signups) AS BIGINT) AS signups
         FROM code_days d
         JOIN codes c ON c.id = d.code_id
         WHERE (c.owner_id = $1 OR c.beneficiary_id = $1)
           AND d.day >= $2
         GROUP BY d.day
         ORDER BY d.day")
        .bind(user)
        .bind(from_day)
        .bind(DAY)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{codes, db_test, fixtures};

    db_test!(a_user_is_credited_for_own_and_campaign_codes, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let own = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let campaign = fixtures::Campaign::default().credits(ann).insert(&mut tx, "SPRING").await?;
        for id in [own, campaign, campaign] {
            assert!(codes::claim(&mut tx, id, Time(5)).await?);
            add_signups(&mut tx, id, Time(5), 1).await?;
        }
        let stats = of_user(&mut tx, ann).await?.expect("numbers");
        assert_eq!((stats.signups, stats.goal), (3, 10));
        assert_eq!(of_users(&mut tx, &[ann, UserId(999)]).await?, [(ann, stats)]);
        assert_eq!(days_of(&mut tx, ann, 0).await?, [DayCounts { start: Time(0), clicks: 0, signups: 3 }]);
        assert_eq!(days_of(&mut tx, ann, 1).await?, []);
        assert_eq!(of_user(&mut tx, UserId(999)).await?, None);
        tx.commit().await
    });
}
