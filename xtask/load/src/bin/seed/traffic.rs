//! Clicks of past days, made by the database itself, with every counter that depends on them.

use passalong::{
    domain::{
        ids::CLICK_ID_BITS,
        time::{DAY, HOUR, Time},
    },
    server::store::db::Tx,
};
use std::ops::Range;

/// Writes these of all clicks, without their counters. Click `n` happens `n` times so many microseconds after the
/// begin; all codes are clicked in turn.
pub async fn insert(tx: &mut Tx, clicks: Range<i64>, begin: Time, micros_apart: i64) -> sqlx::Result<()> {
    let sql = tx.dialect(
        "WITH RECURSIVE numbers (n) AS (
             SELECT $1
             UNION ALL
             SELECT n + 1 FROM numbers WHERE n + 1 < $2
         ), places AS MATERIALIZED (
             SELECT id AS code_id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS place FROM codes
         )
         INSERT INTO clicks (id, code_id, at, visitor, network, user_agent, counted, first)
         SELECT (($3 + n * $4 / 1000) << $5) + n % (1 << $5), code_id, $3 + n * $4 / 1000, n * 1000003, '203.0.113.0/24',
                'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', TRUE, n % 7 > 0
         FROM numbers
         CROSS JOIN places
         WHERE place = n % (SELECT COUNT(*) FROM codes)",
        "WITH places AS MATERIALIZED (
             SELECT id AS code_id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS place FROM codes
         )
         INSERT INTO clicks (id, code_id, at, visitor, network, user_agent, counted, first)
         SELECT (($3 + n * $4 / 1000) << $5) + n % (1 << $5), code_id, $3 + n * $4 / 1000, n * 1000003, '203.0.113.0/24',
                'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', TRUE, n % 7 > 0
         FROM generate_series($1, $2 - 1) AS numbers (n)
         JOIN places ON place = n % (SELECT COUNT(*) FROM codes)",
    );
    with_conn!(tx, conn => sqlx::query(sql)
        .bind(clicks.start)
        .bind(clicks.end)
        .bind(begin)
        .bind(micros_apart)
        .bind(CLICK_ID_BITS.cast_signed())
        .execute(conn).await.map(|_| ()))
}

/// Sets the counters of all days and hours to what the clicks say. The codes' own follow when days are rolled up.
pub async fn count(tx: &mut Tx) -> sqlx::Result<()> {
    with_conn!(tx, conn => {
        sqlx::query(
            "INSERT INTO code_days (code_id, day, clicks, unique_clicks)
             SELECT code_id, at / $1, COUNT(*), SUM(CASE WHEN first THEN 1 ELSE 0 END)
             FROM clicks
             WHERE counted
             GROUP BY code_id, at / $1
             ON CONFLICT (day, code_id) DO UPDATE
             SET clicks = excluded.clicks,
                 unique_clicks = excluded.unique_clicks")
            .bind(DAY)
            .execute(&mut *conn).await?;
        sqlx::query(
            "INSERT INTO code_channel_days (code_id, day, channel, clicks)
             SELECT code_id, at / $1, 'direct', COUNT(*)
             FROM clicks
             WHERE counted
             GROUP BY code_id, at / $1
             ON CONFLICT (day, code_id, channel) DO UPDATE
             SET clicks = excluded.clicks")
            .bind(DAY)
            .execute(&mut *conn).await?;
        sqlx::query(
            "INSERT INTO program_hours (hour, clicks, unique_clicks)
             SELECT at / $1, COUNT(*), SUM(CASE WHEN first THEN 1 ELSE 0 END)
             FROM clicks
             WHERE counted
             GROUP BY at / $1
             ON CONFLICT (hour) DO UPDATE
             SET clicks = excluded.clicks,
                 unique_clicks = excluded.unique_clicks")
            .bind(HOUR)
            .execute(conn).await.map(|_| ())
    })
}
