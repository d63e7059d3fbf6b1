//! Where campaign codes stand in the table: copies of what they are sorted by. The counters themselves have no index,
//! so that a click moves none; their copies have, and follow a little later.

use super::{Tx, json, on};
use crate::domain::{code::CodeStatus, ids::CodeId, time::Time};

/// The place of a status in the order of statuses.
pub fn of_status(status: CodeStatus) -> i64 {
    match status {
        CodeStatus::Active => 0,
        CodeStatus::Inactive => 1,
        CodeStatus::Expired => 2,
        CodeStatus::LimitReached => 3,
    }
}

/// Puts these codes where they belong now. On PostgreSQL a code that somebody writes at this moment is left for later.
pub async fn place(tx: &mut Tx, ids: &[CodeId], now: Time) -> sqlx::Result<()> {
    let sql = tx.pick(
        "UPDATE codes
         SET order_clicks = (SELECT n.clicks FROM counted_codes n WHERE n.id = codes.id),
             order_uses = uses,
             order_status = CASE WHEN NOT active THEN 1
                                 WHEN expires_at <= $2 THEN 2
                                 WHEN uses >= max_uses THEN 3
                                 ELSE 0 END,
             order_beneficiary = COALESCE((SELECT email FROM users WHERE users.id = codes.beneficiary_id), '~')
         WHERE id IN (SELECT value FROM json_each($1))",
        "UPDATE codes
         SET order_clicks = (SELECT n.clicks FROM counted_codes n WHERE n.id = codes.id),
             order_uses = uses,
             order_status = CASE WHEN NOT active THEN 1
                                 WHEN expires_at <= $2 THEN 2
                                 WHEN uses >= max_uses THEN 3
                                 ELSE 0 END,
             order_beneficiary = COALESCE((SELECT email FROM users WHERE users.id = codes.beneficiary_id), '~')
         WHERE id IN (SELECT id
                      FROM codes
                      WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))
                      ORDER BY id
                      FOR UPDATE SKIP LOCKED)",
    );
    on!(tx, conn => sqlx::query(sql).bind(json(ids)).bind(now).execute(conn).await.map(|_| ()))
}

/// Which of these are campaign codes that do not stand where they belong.
pub async fn behind(tx: &mut Tx, ids: &[CodeId], now: Time) -> sqlx::Result<Vec<CodeId>> {
    let sql = tx.pick(
        "SELECT id
         FROM counted_codes codes
         WHERE id IN (SELECT value FROM json_each($1))
           AND kind = 'campaign'
           AND deleted_at IS NULL
           AND (order_clicks <> clicks
                OR order_uses <> uses
                OR order_status <> CASE WHEN NOT active THEN 1
                                        WHEN expires_at <= $2 THEN 2
                                        WHEN uses >= max_uses THEN 3
                                        ELSE 0 END
                OR order_beneficiary <> COALESCE((SELECT email FROM users WHERE users.id = codes.beneficiary_id), '~'))",
        "SELECT id
         FROM counted_codes codes
         WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))
           AND kind = 'campaign'
           AND deleted_at IS NULL
           AND (order_clicks <> clicks
                OR order_uses <> uses
                OR order_status <> CASE WHEN NOT active THEN 1
                                        WHEN expires_at <= $2 THEN 2
                                        WHEN uses >= max_uses THEN 3
                                        ELSE 0 END
                OR order_beneficiary <> COALESCE((SELECT email FROM users WHERE users.id = codes.beneficiary_id), '~'))",
    );
    on!(tx, conn => sqlx::query_scalar(sql).bind(json(ids)).bind(now).fetch_all(conn).await)
}

/// Of `limit` campaign codes after `after` those that do not stand where they belong, and the last that was looked at.
pub async fn behind_after(
    tx: &mut Tx,
    after: CodeId,
    limit: i64,
    now: Time,
) -> sqlx::Result<(Vec<CodeId>, Option<CodeId>)> {
    let ids: Vec<CodeId> = on!(&mut *tx, conn => sqlx::query_scalar(
        "SELECT id
         FROM codes
         WHERE kind = 'campaign'
           AND deleted_at IS NULL
           AND id > $1
         ORDER BY id
         LIMIT $2")
        .bind(after)
        .bind(limit)
        .fetch_all(conn).await)?;
    Ok((behind(tx, &ids, now).await?, ids.last().copied()))
}

/// Codes whose end came after `from` and no later than `to`.
pub async fn ended(tx: &mut Tx, from: Time, to: Time) -> sqlx::Result<Vec<CodeId>> {
    on!(tx, conn => sqlx::query_scalar(
        "SELECT id
         FROM codes
         WHERE kind = 'campaign'
           AND deleted_at IS NULL
           AND COALESCE(expires_at, 9223372036854775807) > $1
           AND COALESCE(expires_at, 9223372036854775807) <= $2
           AND active
           AND order_status <> 2
         LIMIT 100000")
        .bind(from)
        .bind(to)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{codes, db_test, fixtures::Campaign},
        *,
    };

    db_test!(no_index_holds_a_counter, |db| {
        let mut tx = db.begin().await?;
        let sql = tx.pick(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'codes' AND sql IS NOT NULL",
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'codes'",
        );
        let indexes: Vec<String> = on!(&mut tx, conn => sqlx::query_scalar(sql).fetch_all(conn).await)?;
        assert!(indexes.len() > 8, "{indexes:?}");
        for index in indexes {
            let words: Vec<_> = index.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
            for counter in ["clicks", "unique_clicks", "uses", "signups", "conversions", "revenue"] {
                assert!(!words.contains(&counter), "a click or a sign-up would move {index}");
            }
        }
        Ok(())
    });

    db_test!(codes_are_placed_and_ends_are_noticed, |db| {
        let mut tx = db.begin().await?;
        let ends = Campaign { expires_at: Some(Time(100)), ..Campaign::default() }.insert(&mut tx, "ENDS").await?;
        let lasts = Campaign::default().insert(&mut tx, "LASTS").await?;
        assert_eq!(behind(&mut tx, &[ends, lasts], Time(99)).await?, []);
        assert!(codes::claim(&mut tx, lasts, Time(5)).await?);
        assert_eq!(behind_after(&mut tx, CodeId(0), 10, Time(99)).await?, (vec![lasts], Some(lasts)));
        assert_eq!(behind_after(&mut tx, lasts, 10, Time(99)).await?, (vec![], None));
        place(&mut tx, &[lasts], Time(99)).await?;
        assert_eq!(ended(&mut tx, Time(0), Time(99)).await?, []);
        assert_eq!(ended(&mut tx, Time(99), Time(100)).await?, [ends]);
        place(&mut tx, &[ends], Time(100)).await?;
        assert_eq!(ended(&mut tx, Time(99), Time(100)).await?, []);
        assert_eq!(behind_after(&mut tx, CodeId(0), 10, Time(100)).await?.0, []);
        tx.commit().await
    });
}
