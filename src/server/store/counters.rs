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

/// Whether a user's sign-ups over all codes that credit them are exactly as many as their goal asks for. Nobody else
/// finds this out until the transaction ends: of two that add one sign-up each, by two codes, one sees both.
pub async fn is_goal_reached(tx: &mut Tx, user: UserId) -> sqlx::Result<bool> {
    let locked = tx.dialect(
        "SELECT referral_goal FROM users WHERE id = $1",
        "SELECT referral_goal FROM users WHERE id = $1 FOR NO KEY UPDATE",
    );
    let goal: Option<i64> = with_conn!(tx, conn => sqlx::query_scalar(locked).bind(user).fetch_optional(conn).await)?;
    let Some(goal) = goal else { return Ok(false) };
    let signups: i64 = with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(signups), 0) AS BIGINT) FROM codes WHERE owner_id = $1 OR beneficiary_id = $1")
        .bind(user)
        .fetch_one(conn).await)?;
    Ok(signups == goal)
}

/// What happened by day over all codes that credit this user. Empty days are left out.
pub async fn days_of(tx: &mut Tx, user: UserId, from_day: i64) -> sqlx::Result<Vec<DayCounts>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT d.day * $3 AS start,
                CAST(SUM(d.clicks) AS BIGINT) AS clicks,
                CAST(SUM(d.signups) AS BIGINT) AS signups,
                CAST(SUM(d.conversions) AS BIGINT) AS conversions
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
    use crate::server::store::{codes, db_test, fixtures, users};
    use std::time::Duration;

    db_test!(a_goal_is_reached_by_all_codes_together_and_at_that_number_alone, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let own = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let campaign = fixtures::Campaign::default().credits(ann).insert(&mut tx, "SPRING").await?;
        let mut reached = vec![];
        for n in 1..=11 {
            assert!(codes::claim(&mut tx, if n % 2 == 0 { own } else { campaign }, Time(5)).await?.is_some());
            if is_goal_reached(&mut tx, ann).await? {
                reached.push(n);
            }
        }
        assert_eq!(reached, [10]);
        assert!(!is_goal_reached(&mut tx, UserId(999)).await?);
        tx.commit().await
    });

    #[tokio::test]
    async fn of_two_who_join_by_two_codes_one_sees_the_goal_reached() -> sqlx::Result<()> {
        let db = crate::server::store::testing::postgres().await;
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let own = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let campaign = fixtures::Campaign::default().credits(ann).insert(&mut tx, "SPRING").await?;
        for _ in 0..8 {
            codes::claim(&mut tx, own, Time(5)).await?;
        }
        tx.commit().await?;
        let (mut first, mut second, mut erasing) = (db.begin().await?, db.begin().await?, db.begin().await?);
        codes::claim(&mut first, own, Time(5)).await?;
        codes::claim(&mut second, campaign, Time(5)).await?;
        assert!(!is_goal_reached(&mut first, ann).await?);
        let second = tokio::spawn(async move { is_goal_reached(&mut second, ann).await });
        let erasing = tokio::spawn(async move { users::lock(&mut erasing, ann).await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        // Who found it out writes about Ann: so long she cannot be forgotten.
        assert!(!second.is_finished() && !erasing.is_finished());
        first.commit().await?;
        assert!(second.await.expect("no panic")?);
        assert!(erasing.await.expect("no panic")?.is_some());
        Ok(())
    }

    db_test!(a_user_is_credited_for_own_and_campaign_codes, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let own = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let campaign = fixtures::Campaign::default().credits(ann).insert(&mut tx, "SPRING").await?;
        for id in [own, campaign, campaign] {
            assert!(codes::claim(&mut tx, id, Time(5)).await?.is_some());
            add_signups(&mut tx, id, Time(5), 1).await?;
        }
        let stats = of_user(&mut tx, ann).await?.expect("numbers");
        assert_eq!((stats.signups, stats.goal), (3, 10));
        assert_eq!(of_users(&mut tx, &[ann, UserId(999)]).await?, [(ann, stats)]);
        assert_eq!(
            days_of(&mut tx, ann, 0).await?,
            [DayCounts { start: Time(0), clicks: 0, signups: 3, conversions: 0 }]
        );
        assert_eq!(days_of(&mut tx, ann, 1).await?, []);
        assert_eq!(of_user(&mut tx, UserId(999)).await?, None);
        tx.commit().await
    });
}
