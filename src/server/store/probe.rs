//! Whether the database is ready for work.

use crate::{
    domain::time::Time,
    server::store::db::{Db, POSTGRES_SCHEMA, SQLITE_SCHEMA, Tx, with_conn},
};
use std::time::Duration;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};

/// How long the database may take to accept a write.
const TIMEOUT: Duration = Duration::from_secs(2);

/// For so long an answer serves everybody who asks: many who ask together cost as much as one.
const MAX_AGE: Duration = Duration::from_millis(500);

/// Whether the database is ready, and if not, why: a sentence for whoever runs it.
pub type Readiness = Result<(), &'static str>;

/// Looks whether the database is ready, for many at once.
pub struct Probe {
    db: Db,
    last: Mutex<Option<(Instant, Readiness)>>,
}

impl Probe {
    pub fn new(db: Db) -> Self {
        Self { db, last: Mutex::new(None) }
    }

    /// Looks, unless somebody has just looked. Writes one row, always the same one, and looks at the schema.
    pub async fn run(&self, now: Time) -> Readiness {
        let asked = Instant::now();
        let mut last = self.last.lock().await;
        if let Some((at, readiness)) = *last
            && at + MAX_AGE > asked
        {
            return readiness;
        }
        let readiness = self.look(now).await;
        *last = Some((Instant::now(), readiness));
        readiness
    }

    async fn look(&self, now: Time) -> Readiness {
        let deadline = Instant::now() + TIMEOUT;
        let mut tx = match timeout_at(deadline, self.db.begin()).await {
            Ok(Ok(tx)) => tx,
            Ok(Err(error)) => return Err(failed(&error)),
            Err(_) if matches!(self.db, Db::Sqlite { .. }) => {
                return Err("somebody else holds the lock of the database");
            }
            Err(_) => return Err("no connection to the database is free"),
        };
        match timeout_at(deadline, write(&mut tx, now)).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return Err("the schema of the database is not this program's"),
            Ok(Err(error)) => return Err(failed(&error)),
            Err(_) => return Err("the database takes too long"),
        }
        match timeout_at(deadline, tx.commit()).await {
            Ok(done) => done.map_err(|error| failed(&error)),
            Err(_) => Err("the database takes too long"),
        }
    }
}

fn failed(error: &sqlx::Error) -> &'static str {
    tracing::error!(%error, "the database does not take a write");
    "the database does not take a write"
}

async fn write(tx: &mut Tx, now: Time) -> sqlx::Result<bool> {
    if !is_current(tx).await? {
        return Ok(false);
    }
    with_conn!(tx, conn => sqlx::query("UPDATE probe SET at = $1").bind(now).execute(conn).await.map(|_| true))
}

/// Whether the database has this program's schema: neither an older one, nor that of a later program.
async fn is_current(tx: &mut Tx) -> sqlx::Result<bool> {
    let expected = tx
        .dialect(&SQLITE_SCHEMA, &POSTGRES_SCHEMA)
        .iter()
        .filter(|migration| !migration.migration_type.is_down_migration());
    let expected: Vec<_> = expected.map(|migration| (migration.version, migration.checksum.to_vec(), true)).collect();
    let applied: Vec<(i64, Vec<u8>, bool)> = with_conn!(tx, conn => sqlx::query_as(
        "SELECT version, checksum, success
         FROM _sqlx_migrations
         ORDER BY version")
        .fetch_all(conn).await)?;
    Ok(applied == expected)
}

/// The number of the latest schema file that the database has.
pub async fn schema_number(tx: &mut Tx) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success")
        .fetch_one(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    db_test!(a_database_is_ready_when_it_takes_a_write, |db| {
        let probe = Probe::new(db.clone());
        let answers = futures::future::join_all((0..3).map(|n| probe.run(Time(n)))).await;
        assert_eq!(answers, [Ok(()); 3]);
        let mut tx = db.begin().await?;
        let (rows, at): (i64, i64) = with_conn!(&mut tx, conn => sqlx::query_as(
            "SELECT COUNT(*), CAST(SUM(at) AS BIGINT)
             FROM probe")
            .fetch_one(conn).await)?;
        assert_eq!((rows, at), (1, 0), "one row, and one look for all who asked at once");
        with_conn!(&mut tx, conn => sqlx::query("DROP TABLE probe").execute(conn).await.map(|_| ()))?;
        tx.commit().await?;
        assert_eq!(Probe::new(db.clone()).run(Time(1)).await, Err("the database does not take a write"));
        Ok(())
    });

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
        let ours = SQLITE_SCHEMA.iter().map(|migration| migration.version).max();
        assert_eq!(Some(schema_number(&mut tx).await? - 1), ours);
        Ok(())
    });
}
