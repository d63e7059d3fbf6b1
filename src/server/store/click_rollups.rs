//! Clicks of past days, added to what their codes carry: then no number is the sum of many days. Rows of clicks that
//! are still written, today's and yesterday's, are left alone.

use crate::{
    domain::ids::CodeId,
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};

/// The first day that is not rolled up yet; `None` when there is nothing to roll up.
pub async fn next_day(tx: &mut Tx) -> sqlx::Result<Option<i64>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT COALESCE((SELECT MAX(day) + 1 FROM click_rollups), (SELECT MIN(day) FROM code_days))")
        .fetch_one(conn).await)
}

/// Rolls up the clicks of up to `limit` codes that have clicks on `day`, those after `after` by id; returns the last,
/// or `None` when there were none left. Doing it twice changes nothing.
pub async fn roll_up(tx: &mut Tx, day: i64, after: CodeId, limit: i64) -> sqlx::Result<Option<CodeId>> {
    let ids: Vec<CodeId> = with_conn!(&mut *tx, conn => sqlx::query_scalar(
        "SELECT code_id
         FROM code_days
         WHERE day = $1
           AND code_id > $2
         ORDER BY code_id
         LIMIT $3")
        .bind(day)
        .bind(after)
        .bind(limit)
        .fetch_all(conn).await)?;
    let sql = tx.dialect(
        "UPDATE codes
         SET rolled_up_clicks = rolled_up_clicks
                 + (SELECT COALESCE(SUM(d.clicks), 0)
                    FROM code_days d
                    WHERE d.code_id = codes.id AND d.day >= codes.rolled_up_until AND d.day <= $2),
             rolled_up_unique_clicks = rolled_up_unique_clicks
                 + (SELECT COALESCE(SUM(d.unique_clicks), 0)
                    FROM code_days d
                    WHERE d.code_id = codes.id AND d.day >= codes.rolled_up_until AND d.day <= $2),
             rolled_up_until = $2 + 1
         WHERE id IN (SELECT value FROM json_each($1))
           AND rolled_up_until <= $2",
        "UPDATE codes
         SET rolled_up_clicks = rolled_up_clicks
                 + (SELECT COALESCE(SUM(d.clicks), 0)
                    FROM code_days d
                    WHERE d.code_id = codes.id AND d.day >= codes.rolled_up_until AND d.day <= $2),
             rolled_up_unique_clicks = rolled_up_unique_clicks
                 + (SELECT COALESCE(SUM(d.unique_clicks), 0)
                    FROM code_days d
                    WHERE d.code_id = codes.id AND d.day >= codes.rolled_up_until AND d.day <= $2),
             rolled_up_until = $2 + 1
         WHERE id IN (SELECT id
                      FROM codes
                      WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))
                      ORDER BY id
                      FOR UPDATE)
           AND rolled_up_until <= $2",
    );
    with_conn!(tx, conn => sqlx::query(sql).bind(json(&ids)).bind(day).execute(conn).await.map(|_| ()))?;
    Ok(ids.last().copied())
}

/// Notes that a day is rolled up for all codes.
pub async fn done(tx: &mut Tx, day: i64) -> sqlx::Result<()> {
    with_conn!(&mut *tx, conn => sqlx::query("INSERT INTO click_rollups (day) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind(day)
        .execute(conn).await.map(|_| ()))?;
    with_conn!(tx, conn => sqlx::query("DELETE FROM click_rollups WHERE day < $1").bind(day).execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::ClickId,
            time::{DAY, Time},
        },
        server::store::{clicks, counter_check, db_test, fixtures::Campaign},
    };

    async fn click(tx: &mut Tx, code_id: CodeId, at: Time) -> sqlx::Result<()> {
        let click = clicks::NewClick { id: ClickId::first_at(at), at, ..clicks::tests::click(0, code_id, at.0) };
        clicks::insert(tx, &[click]).await
    }

    db_test!(click_rollups_count_once, |db| {
        let mut tx = db.begin().await?;
        assert_eq!(next_day(&mut tx).await?, None);
        let id = Campaign::default().insert(&mut tx, "SPRING").await?;
        for day in [5, 5, 7, 9] {
            let n: i64 =
                with_conn!(&mut tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM clicks").fetch_one(conn).await)?;
            click(&mut tx, id, Time(day * DAY + n)).await?;
        }
        assert_eq!(next_day(&mut tx).await?, Some(5));
        let mut rolled_up = vec![];
        for day in [5, 5, 6, 7] {
            assert_eq!(roll_up(&mut tx, day, CodeId(0), 10).await?.is_some(), day != 6);
            assert_eq!(roll_up(&mut tx, day, id, 10).await?, None);
            done(&mut tx, day).await?;
            rolled_up.push(with_conn!(&mut tx, conn => sqlx::query_as::<_, (i64, i64)>(
                "SELECT c.rolled_up_clicks, v.clicks FROM codes c JOIN codes_with_clicks v ON v.id = c.id").fetch_one(conn).await)?);
            assert_eq!(counter_check::find_mismatches(&mut tx).await?, []);
        }
        assert_eq!(rolled_up, [(2, 4), (2, 4), (2, 4), (3, 4)]);
        assert_eq!(next_day(&mut tx).await?, Some(8));
        tx.commit().await
    });
}
