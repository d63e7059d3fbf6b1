//! The last ids that were given: what is deleted leaves its id, and nobody gets it again.

use crate::server::store::db::{Tx, with_conn};
use sqlx::QueryBuilder;

/// The tables that give ids which others remember.
pub const TABLES: [&str; 12] = [
    "users",
    "codes",
    "referrals",
    "audit",
    "jobs",
    "events",
    "payments",
    "payment_facts",
    "reward_rules",
    "rewards",
    "reward_uses",
    "reward_transfers",
];

/// The last id that a table of [`TABLES`] has given; 0 before the first.
pub async fn last(tx: &mut Tx, table: &'static str) -> sqlx::Result<i64> {
    let sql = tx.dialect(
        "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = $1), 0)",
        "SELECT COALESCE((SELECT last_value FROM pg_sequences
                          WHERE schemaname = current_schema() AND sequencename = $1 || '_id_seq'), 0)",
    );
    with_conn!(tx, conn => sqlx::query_scalar(sql).bind(table).fetch_one(conn).await)
}

/// Lets a table of [`TABLES`] give no id up to `last`, and none that it holds.
pub async fn set(tx: &mut Tx, table: &'static str, last: i64) -> sqlx::Result<()> {
    let held: i64 = with_conn!(&mut *tx, conn => QueryBuilder::new("SELECT COALESCE(MAX(id), 0) FROM ")
        .push(table)
        .build_query_scalar()
        .fetch_one(conn).await)?;
    let last = last.max(held);
    match tx {
        Tx::Sqlite(tx) => {
            sqlx::query("DELETE FROM sqlite_sequence WHERE name = $1").bind(table).execute(&mut **tx).await?;
            sqlx::query("INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)")
                .bind(table)
                .bind(last)
                .execute(&mut **tx)
                .await?;
        }
        Tx::Postgres(tx) => {
            sqlx::query("SELECT setval(pg_get_serial_sequence($1, 'id'), GREATEST($2, 1), $2 > 0)")
                .bind(table)
                .bind(last)
                .execute(&mut **tx)
                .await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Time,
        server::store::{db_test, payments},
    };

    db_test!(no_id_is_given_twice, |db| {
        let mut tx = db.begin().await?;
        for table in TABLES {
            assert_eq!(last(&mut tx, table).await?, 0, "{table}");
        }
        set(&mut tx, "payments", 0).await?;
        assert_eq!(payments::insert(&mut tx, true, false, true, Time(1)).await?.0, 1);
        set(&mut tx, "payments", 7).await?;
        assert_eq!(last(&mut tx, "payments").await?, 7);
        assert_eq!(payments::insert(&mut tx, true, false, true, Time(1)).await?.0, 8);
        set(&mut tx, "payments", 3).await?;
        assert_eq!(last(&mut tx, "payments").await?, 8, "what is there keeps its id");
        tx.commit().await
    });
}
