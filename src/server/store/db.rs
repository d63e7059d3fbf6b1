//! The database: SQLite in one file, or PostgreSQL.

use crate::server::store::{
    limits::{ConnectError, Limits, STALL_TIMEOUT},
    pg_connect, sqlite_connect,
    transaction::{Answers, PgTx, SqliteTx},
};
use sqlx::{
    PgConnection, PgPool, SqliteConnection, SqlitePool,
    migrate::{MigrateError, Migrator},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};

/// How often a migration of an SQLite file is tried, and how long is waited in between.
const MIGRATE_TRIES: u32 = 10;
const MIGRATE_DELAY: Duration = Duration::from_millis(200);

/// Runs `$body` on whichever connection `$tx` holds: one query, two databases.
macro_rules! with_conn {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::server::store::db::Tx::Sqlite(tx) => {
                let done = {
                    let $conn = &mut **tx;
                    $body
                };
                tx.done(done)
            }
            $crate::server::store::db::Tx::Postgres(tx) => {
                let limit = tx.ask();
                let answer = {
                    let $conn = &mut **tx;
                    $crate::server::store::transaction::within(limit, Box::pin(async { $body })).await
                };
                tx.answered(answer)
            }
        }
    };
}
pub(crate) use with_conn;

/// The same on a [`Conn`], with no limit to how long it may take.
macro_rules! with_own_conn {
    ($own:expr, $conn:ident => $body:expr) => {
        match $own.conn() {
            $crate::server::store::db::Conn::Sqlite($conn) => $body,
            $crate::server::store::db::Conn::Postgres($conn) => $body,
        }
    };
}
pub(crate) use with_own_conn;

/// The schema that this program was made for, on SQLite.
pub static SQLITE_SCHEMA: Migrator = sqlx::migrate!("migrations/sqlite");
/// The same on PostgreSQL.
pub static POSTGRES_SCHEMA: Migrator = sqlx::migrate!("migrations/postgres");

/// The database of an installation. Cheap to clone.
#[derive(Clone)]
pub enum Db {
    /// Writers wait for `write_lock`, a fair queue, which the database's own lock is not. Readers have a pool.
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
        write_lock: Arc<Semaphore>,
        writes: Answers,
        reads: Answers,
    },
    Postgres {
        pool: PgPool,
        limits: Limits,
        answers: Answers,
    },
}

/// A transaction. Dropped without [`Tx::commit`], it never happened.
pub enum Tx {
    Sqlite(SqliteTx),
    Postgres(PgTx),
}

/// A connection of either kind: that of a transaction, or one of one's own.
pub enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn<'_> {
    /// The same connection for a shorter time.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }
}

/// Opens a database and brings its schema up to date; an error names the setting.
pub async fn open_database(url: &str, limits: Limits) -> Result<Db, ConnectError> {
    let db = Db::connect_with(url, limits).await.map_err(|error| format!("DATABASE_URL: {error}"))?;
    bring_up_to_date(&db).await?;
    Ok(db)
}

/// Brings the schema up to date; an error names the setting.
pub async fn bring_up_to_date(db: &Db) -> Result<(), ConnectError> {
    db.migrate().await.map_err(|error| format!("DATABASE_URL: {}", schema_problem(error)))?;
    Ok(())
}

/// Why a schema cannot be brought up to date.
pub fn schema_problem(error: MigrateError) -> String {
    match error {
        MigrateError::VersionMissing(number) => newer_schema(number),
        error => format!("the schema cannot be brought up to date: {error}"),
    }
}

/// Says that only a newer program knows the schema of this number.
pub fn newer_schema(number: i64) -> String {
    format!("the database is newer than this program (schema {number}); use a newer program")
}

impl Db {
    /// Opens the database at `url` for a command, making an SQLite file (and its folder) that is not there yet.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        Self::connect_with(url, Limits::COMMAND).await
    }

    /// Opens the database at `url`, making an SQLite file (and its folder) that is not there yet.
    pub async fn connect_with(url: &str, limits: Limits) -> Result<Self, ConnectError> {
        if url.starts_with("sqlite:") {
            let (write, read) = sqlite_connect::connect(url).await?;
            let write_lock = Arc::new(Semaphore::new(1));
            Ok(Self::Sqlite { write, read, write_lock, writes: Answers::default(), reads: Answers::default() })
        } else {
            let (pool, limits) = pg_connect::connect(url, limits).await?;
            Ok(Self::Postgres { pool, limits, answers: Answers::default() })
        }
    }

    /// Brings the schema up to date; instances that start together take turns.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        match self {
            Self::Sqlite { write, .. } => {
                let mut tries = 1;
                loop {
                    match SQLITE_SCHEMA.run(write).await {
                        // Another process may be at it, and SQLite has no lock for this: then it is done soon.
                        Err(MigrateError::ExecuteMigration(..)) if tries < MIGRATE_TRIES => tries += 1,
                        done => return done,
                    }
                    sleep(MIGRATE_DELAY).await;
                }
            }
            // On a connection without limits: a table may be large.
            Self::Postgres { pool, .. } => {
                let patient = pg_connect::patient_pool(pool);
                let done = POSTGRES_SCHEMA.run(&patient).await;
                patient.close().await;
                done
            }
        }
    }

    /// Begins a transaction that writes.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        match self {
            Self::Sqlite { write, write_lock, writes, .. } => {
                let begin = async {
                    let lock = write_lock.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
                    SqliteTx::begin(write.acquire().await?, "BEGIN IMMEDIATE", writes, Some(lock)).await
                };
                Ok(Tx::Sqlite(writes.await_turn(begin).await?))
            }
            Self::Postgres { .. } => Ok(Tx::Postgres(self.connection().await?.begin("BEGIN").await?)),
        }
    }

    /// For what only reads.
    pub async fn read(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, reads, .. } => {
                let conn = reads.await_turn(read.acquire()).await?;
                Tx::Sqlite(SqliteTx::begin(conn, "BEGIN", reads, None).await?)
            }
            Self::Postgres { .. } => Tx::Postgres(self.connection().await?),
        })
    }

    /// A connection to PostgreSQL.
    async fn connection(&self) -> sqlx::Result<PgTx> {
        let Self::Postgres { pool, limits, answers } = self else { return Err(sqlx::Error::PoolClosed) };
        let conn = answers.await_turn(pool.acquire()).await?;
        Ok(PgTx::new(conn, limits.statement, answers))
    }

    /// Begins a transaction that reads, however long it takes, as everything stood when it first read.
    pub async fn snapshot(&self) -> sqlx::Result<Tx> {
        match self {
            Self::Sqlite { .. } => self.read().await,
            Self::Postgres { .. } => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Ok(Tx::Postgres(self.connection().await?.begin(begin).await?))
            }
        }
    }

    /// What is wrong with the pages of an SQLite file, in SQLite's words; PostgreSQL checks its own.
    pub async fn find_corruption(&self) -> sqlx::Result<Option<String>> {
        match self {
            Self::Sqlite { read, .. } => sqlite_connect::find_corruption(read).await,
            Self::Postgres { .. } => Ok(None),
        }
    }

    /// Keeps SQLite's write-ahead log small where readers that follow each other never let it begin anew.
    pub async fn trim_log(&self) -> sqlx::Result<()> {
        let Self::Sqlite { write, write_lock, .. } = self else { return Ok(()) };
        let lock = timeout(STALL_TIMEOUT, write_lock.acquire()).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let _lock = lock.map_err(|_| sqlx::Error::PoolClosed)?;
        sqlite_connect::trim_log(write).await
    }

    /// Closes all connections, after what they are doing.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}

impl Tx {
    /// The connection that it goes over.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(tx) => Conn::Sqlite(tx),
            Self::Postgres(tx) => Conn::Postgres(tx),
        }
    }

    /// Where dialects differ: the same binds, two literals.
    pub fn dialect<T>(&self, sqlite: T, postgres: T) -> T {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }

    /// What stands around a JSON list of ids, bound as text, to select them.
    pub fn selected_ids(&self) -> (&'static str, &'static str) {
        self.dialect(
            ("(SELECT value FROM json_each(", "))"),
            ("(SELECT value::bigint FROM json_array_elements_text(", "::json))"),
        )
    }

    /// Makes it durable.
    pub async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::testing;

    #[tokio::test]
    async fn sqlite_is_new_enough_and_syncs_every_commit() -> sqlx::Result<()> {
        let Db::Sqlite { write, read, .. } = testing::sqlite().await else { panic!("SQLite was asked for") };
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&write).await?;
        let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
        assert!(parts >= vec![3, 51, 3], "{version} can corrupt a database");
        for pool in [&write, &read] {
            let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(pool).await?;
            let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await?;
            assert_eq!((synchronous, journal.as_str()), (2, "wal"));
        }
        Ok(())
    }
}
