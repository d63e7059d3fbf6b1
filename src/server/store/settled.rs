//! Clicks of past days, added to what their codes carry: then no number is the sum of many days. Rows of clicks that
//! are still written, today's and yesterday's, are left alone.

use super::{Tx, on};
use crate::domain::ids::CodeId;

/// The first day that is not settled yet; `None` when there is nothing to settle.
pub async fn next_day(tx: &mut Tx) -> sqlx::Result<Option<i64>> {
    on!(tx, conn => sqlx::query_scalar(
        "SELECT COALESCE((SELECT MAX(day) + 1 FROM settled_days), (SELECT MIN(day) FROM code_days))")
        .fetch_one(conn).await)
}

/// Settles up to `limit` codes that have clicks on `day`, those after `after` by id; returns the last, or `None` when
/// there were none left. Doing it twice changes nothing.
pub async fn settle(tx: &mut Tx, day: i64, after: CodeId, limit: i64) -> sqlx::Result<Option<CodeId>> {
    let ids: Vec<CodeId> = on!(&mut *tx, conn => sqlx::query_scalar(
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
    let sql = tx.pick(
        "UPDATE codes
         SET settled_clicks = settled_clicks
                 + (SELECT COALESCE(SUM(d.clicks), 0)
                    FROM code_days d
                    WHERE d.code_id = codes.id AND d.day >= codes.settled_day AND d.day <= $2),
             settled_unique_clicks = settled_unique_clicks
                 + (SELECT COALESCE(SUM(d.unique_clicks), 0)
                    FROM code_days d
                    WHERE d.code_id = codes.id AND d.day >= codes.settled_day AND d.day <= $2),
             settled_day = $2 + 1
         WHERE id IN (SELECT value FROM json_each($1))
           AND settled_day <= $2",
        "UPDATE codes
         SET settled_clicks = settled_clicks
                 + (SELECT COALESCE(SUM(d.clicks), 0)
                    FROM code_days d
                    WHERE d.code_id = codes.id AND d.day >= codes.settled_day AND d.day <= $2),
             settled_unique_clicks = settled_unique_clicks
                 + (SELECT COALESCE(SUM(d.unique_clicks), 0)
                    FROM code_days d
                    WHERE d.code_id = codes.id AND d.day >= codes.settled_day AND d.day <= $2),
             settled_day = $2 + 1
         WHERE id IN (SELECT id
                      FROM codes
                      WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))
                      ORDER BY id
                      FOR UPDATE)
           AND settled_day <= $2",
    );
    on!(tx, conn => sqlx::query(sql).bind(super::json(&ids)).bind(day).execute(conn).await.map(|_| ()))?;
    Ok(ids.last().copied())
}

/// Notes that a day is settled for all codes.
pub async fn done(tx: &mut Tx, day: i64) -> sqlx::Result<()> {
    on!(&mut *tx, conn => sqlx::query("INSERT INTO settled_days (day) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind(day)
        .execute(conn).await.map(|_| ()))?;
    on!(tx, conn => sqlx::query("DELETE FROM settled_days WHERE day < $1").bind(day).execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{clicks, codes, db_test, tally},
        *,
    };
    use crate::domain::{
        code::Code,
        ids::ClickId,
        time::{DAY, Time},
    };

    async fn click(tx: &mut Tx, code_id: CodeId, at: Time) -> sqlx::Result<()> {
        let click = clicks::NewClick {
            id: ClickId::first_at(at),
            code_id,
            visitor: at.0,
            network: String::new(),
            user_agent: String::new(),
            referring_host: None,
            channel: None,
            first: true,
            suspicion: None,
            counts: true,
            referrer: None,
        };
        clicks::insert(tx, &[click]).await
    }

    db_test!(settled_days_count_once, |db| {
        let mut tx = db.begin().await?;
        assert_eq!(next_day(&mut tx).await?, None);
        let code = codes::NewCampaign {
            code: &Code::random(&[3; 8]),
            description: "",
            category: None,
            active: true,
            max_uses: None,
            expires_at: None,
            beneficiary: None,
            created_by: None,
            created_at: Time(0),
        };
        let id = codes::insert_campaign(&mut tx, &code).await?.expect("a code");
        for day in [5, 5, 7, 9] {
            let n: i64 = on!(&mut tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM clicks").fetch_one(conn).await)?;
            click(&mut tx, id, Time(day * DAY + n)).await?;
        }
        assert_eq!(next_day(&mut tx).await?, Some(5));
        let mut settled = vec![];
        for day in [5, 5, 6, 7] {
            assert_eq!(settle(&mut tx, day, CodeId(0), 10).await?.is_some(), day != 6);
            assert_eq!(settle(&mut tx, day, id, 10).await?, None);
            done(&mut tx, day).await?;
            settled.push(on!(&mut tx, conn => sqlx::query_as::<_, (i64, i64)>(
                "SELECT settled_clicks, clicks FROM counted_codes").fetch_one(conn).await)?);
            assert_eq!(tally::drift(&mut tx).await?, []);
        }
        assert_eq!(settled, [(2, 4), (2, 4), (2, 4), (3, 4)]);
        assert_eq!(next_day(&mut tx).await?, Some(8));
        tx.commit().await
    });
}
