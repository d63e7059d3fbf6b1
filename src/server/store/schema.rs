//! The schema that this program was made for.

use crate::server::store::db::{Tx, with_conn};
use sqlx::migrate::Migrator;

pub static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
pub static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Whether the database has this program's schema: neither an older one, nor that of a later program.
pub async fn is_current(tx: &mut Tx) -> sqlx::Result<bool> {
    let expected =
        tx.dialect(&SQLITE, &POSTGRES).iter().filter(|migration| !migration.migration_type.is_down_migration());
    let expected: Vec<_> = expected.map(|migration| (migration.version, migration.checksum.to_vec(), true)).collect();
    let applied: Vec<(i64, Vec<u8>, bool)> = with_conn!(tx, conn => sqlx::query_as(
        "SELECT version, checksum, success
         FROM _sqlx_migrations
         ORDER BY version")
        .fetch_all(conn).await)?;
    Ok(applied == expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    db_test!(another_schema_is_noticed, |db| {
        let mut tx = db.begin().await?;
        assert!(is_current(&mut tx).await?);
        with_conn!(&mut tx, conn => sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 1").execute(conn).await.map(|_| ()))?;
        assert!(!is_current(&mut tx).await?, "one is missing");
        drop(tx);
        let mut tx = db.begin().await?;
        with_conn!(&mut tx, conn => sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             SELECT version + 1, 'later', success, checksum, 0
             FROM _sqlx_migrations
             ORDER BY version DESC
             LIMIT 1").execute(conn).await.map(|_| ()))?;
        assert!(!is_current(&mut tx).await?, "one is unknown");
        Ok(())
    });
}
