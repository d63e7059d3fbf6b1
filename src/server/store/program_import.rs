//! Everything of the program back into an empty database: the rows as they were, and all counters anew.

use crate::server::store::{
    db::{Tx, with_conn},
    export::Row,
    json::json,
};
use serde_json::{Map, Value};
use sqlx::QueryBuilder;

/// The columns of a row.
type Columns = Map<String, Value>;

/// Whether there is nothing yet that an import could meet.
pub async fn is_empty(tx: &mut Tx) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT NOT (EXISTS (SELECT * FROM users) OR EXISTS (SELECT * FROM codes) OR EXISTS (SELECT * FROM clicks)
                     OR EXISTS (SELECT * FROM referrals) OR EXISTS (SELECT * FROM payments)
                     OR EXISTS (SELECT * FROM reward_rules) OR EXISTS (SELECT * FROM webhook_endpoints)
                     OR EXISTS (SELECT * FROM events) OR EXISTS (SELECT * FROM audit))")
        .fetch_one(conn).await)
}

/// Writes rows with the ids that they have. Columns that name rows of the same table stay empty; they are returned for
/// [`set_later`].
pub async fn insert<R: Row>(tx: &mut Tx, rows: &[R]) -> sqlx::Result<Vec<Columns>> {
    let (mut tables, mut later) = (vec![], vec![]);
    for row in rows {
        let Ok(Value::Object(mut columns)) = serde_json::to_value(row) else { continue };
        R::to_table(&mut columns);
        if let Some(own) = R::OWN_TABLE
            && let Some(named) = columns.insert(own.into(), Value::Null).filter(|named| !named.is_null())
        {
            let id = columns.get("id").cloned().unwrap_or_default();
            later.push(Map::from_iter([("id".to_owned(), id), (own.to_owned(), named)]));
        }
        tables.push(columns);
    }
    let Some(names) = tables.first().map(|columns| columns.keys().cloned().collect::<Vec<_>>()) else {
        return Ok(later);
    };
    let quoted = |before: &str| names.iter().map(|name| format!("{before}\"{name}\"")).collect::<Vec<_>>().join(", ");
    let values = names.iter().map(|name| format!("value ->> '{name}'")).collect::<Vec<_>>().join(", ");
    let (select, from) = match tx {
        Tx::Sqlite(_) => (values, " FROM json_each(".to_owned()),
        Tx::Postgres(_) => (quoted("v."), format!(" FROM json_populate_recordset(NULL::{}, ", R::TABLE)),
    };
    let end = tx.dialect(")", "::json) v");
    with_conn!(tx, conn => QueryBuilder::new("INSERT INTO ")
        .push(R::TABLE)
        .push(" (")
        .push(quoted(""))
        .push(") SELECT ")
        .push(select)
        .push(from)
        .push_bind(json(&tables))
        .push(end)
        .build()
        .execute(conn).await.map(|_| ()))?;
    Ok(later)
}

/// Writes the columns that name rows of the same table, when all of these are there.
pub async fn set_later<R: Row>(tx: &mut Tx, later: &[Columns]) -> sqlx::Result<()> {
    let (Some(own), false) = (R::OWN_TABLE, later.is_empty()) else { return Ok(()) };
    let table = R::TABLE;
    let (value, from, end, id) = match tx {
        Tx::Sqlite(_) => (format!("v.value ->> '{own}'"), "json_each(".to_owned(), ")", "v.value ->> 'id'"),
        Tx::Postgres(_) => (format!("v.{own}"), format!("json_populate_recordset(NULL::{table}, "), "::json)", "v.id"),
    };
    with_conn!(tx, conn => QueryBuilder::new("UPDATE ")
        .push(table)
        .push(format!(" SET {own} = {value} FROM {from}"))
        .push_bind(json(later))
        .push(format!("{end} v WHERE {table}.id = {id}"))
        .build()
        .execute(conn).await.map(|_| ()))
}

/// Fills all counters from the rows that they count.
pub async fn count_all(tx: &mut Tx) -> sqlx::Result<()> {
    for sql in COUNTERS {
        with_conn!(&mut *tx, conn => sqlx::query(sql).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

const COUNTERS: [&str; 6] = [
    "INSERT INTO code_days (code_id, day, clicks, unique_clicks, signups, conversions)
     SELECT code_id, day, SUM(clicks), SUM(firsts), SUM(signups), SUM(conversions)
     FROM (SELECT code_id, at / 86400000 AS day, 1 AS clicks, CASE WHEN first THEN 1 ELSE 0 END AS firsts,
                  0 AS signups, 0 AS conversions
           FROM clicks WHERE counted
           UNION ALL
           SELECT code_id, signed_up_at / 86400000, 0, 0, 1, 0 FROM referrals
           UNION ALL
           SELECT code_id, converted_at / 86400000, 0, 0, 0, 1 FROM referrals WHERE converted_at IS NOT NULL) AS counted
     GROUP BY code_id, day",
    "INSERT INTO code_channel_days (code_id, day, channel, clicks)
     SELECT code_id, at / 86400000, COALESCE(channel, 'direct'), COUNT(*)
     FROM clicks
     WHERE counted
     GROUP BY code_id, at / 86400000, COALESCE(channel, 'direct')",
    "INSERT INTO program_hours (hour, clicks, unique_clicks, signups, conversions)
     SELECT hour, SUM(clicks), SUM(firsts), SUM(signups), SUM(conversions)
     FROM (SELECT at / 3600000 AS hour, 1 AS clicks, CASE WHEN first THEN 1 ELSE 0 END AS firsts,
                  0 AS signups, 0 AS conversions
           FROM clicks WHERE counted
           UNION ALL
           SELECT signed_up_at / 3600000, 0, 0, 1, 0 FROM referrals
           UNION ALL
           SELECT converted_at / 3600000, 0, 0, 0, 1 FROM referrals WHERE converted_at IS NOT NULL) AS counted
     GROUP BY hour",
    "INSERT INTO code_revenue (code_id, currency, revenue)
     SELECT code_id, currency, CAST(SUM(revenue) AS BIGINT)
     FROM payments
     WHERE code_id IS NOT NULL AND revenue <> 0
     GROUP BY code_id, currency",
    "INSERT INTO code_day_revenue (code_id, day, currency, revenue)
     SELECT code_id, occurred_at / 86400000, currency, CAST(SUM(revenue) AS BIGINT)
     FROM payments
     WHERE code_id IS NOT NULL AND revenue <> 0
     GROUP BY code_id, occurred_at / 86400000, currency",
    "INSERT INTO program_hour_revenue (hour, currency, revenue)
     SELECT occurred_at / 3600000, currency, CAST(SUM(revenue) AS BIGINT)
     FROM payments
     WHERE code_id IS NOT NULL AND revenue <> 0
     GROUP BY occurred_at / 3600000, currency",
];
