//! The database: SQLite in one file, or PostgreSQL.

use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction,
    migrate::MigrateError,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    ops::{Deref, DerefMut},
    path::Path,
    str::FromStr,
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long a caller waits for a connection before it is told that the store is not available.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(20);

/// A connection to PostgreSQL that was not used for so long is asked whether it still works.
const PING_AFTER: Duration = Duration::from_secs(1);

/// Connections that read from SQLite while the one writer writes.
const READERS: u32 = 4;

/// Runs `$body` on whichever connection `$tx` holds: one query, two databases.
macro_rules! with_conn {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::server::store::db::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::server::store::db::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use with_conn;

/// The database of an installation. Cheap to clone.
#[derive(Clone)]
pub enum Db {
    /// Writers wait for `write_lock`, a fair queue, which the database's own lock is not. Readers have a pool.
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
        write_lock: Arc<Semaphore>,
    },
    Postgres {
        pool: PgPool,
    },
}

/// A transaction. Dropped without [`Tx::commit`], it never happened.
pub enum Tx {
    Sqlite(SqliteTx),
    Postgres(PgTx),
}

/// A transaction on PostgreSQL. What only reads needs none: each statement sees the latest anyway, and beginning and
/// ending one would cost as much as the statement.
pub enum PgTx {
    /// Begun, with an end.
    Writing(Transaction<'static, Postgres>),
    Reading(PoolConnection<Postgres>),
}

impl Deref for PgTx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Self::Writing(tx) => tx,
            Self::Reading(conn) => conn,
        }
    }
}

impl DerefMut for PgTx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Self::Writing(tx) => tx,
            Self::Reading(conn) => conn,
        }
    }
}

/// A transaction on SQLite. One that writes holds the write lock until it has ended.
pub struct SqliteTx {
    tx: Transaction<'static, Sqlite>,
    _write_lock: Option<OwnedSemaphorePermit>,
}

impl Deref for SqliteTx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.tx
    }
}

impl DerefMut for SqliteTx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }
}

impl Db {
    /// Opens the database at `url`, making an SQLite file (and its folder) that is not there yet.
    pub async fn connect(url: &str) -> sqlx::Result<Self> {
        if url.starts_with("sqlite:") {
            Self::connect_sqlite(url).await
        } else {
            let options = PgConnectOptions::from_str(url)?.application_name("passalong").disable_statement_logging();
            let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(ACQUIRE_TIMEOUT);
            // Whether the server is still there is asked of connections that have rested, not each time.
            let pool = pool.test_before_acquire(false).before_acquire(|conn, meta| {
                Box::pin(async move {
                    if meta.idle_for > PING_AFTER {
                        conn.ping().await?;
                    }
                    Ok(true)
                })
            });
            Ok(Self::Postgres { pool: pool.connect_with(options).await? })
        }
    }

    async fn connect_sqlite(url: &str) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("wal_autocheckpoint", "10000")
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-8000")
            .busy_timeout(ACQUIRE_TIMEOUT)
            .disable_statement_logging();
        if let Some(folder) = options.get_filename().parent().filter(|folder| *folder != Path::new("")) {
            std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
        }
        let pool = |most| SqlitePoolOptions::new().max_connections(most).acquire_timeout(ACQUIRE_TIMEOUT);
        let write = pool(1).connect_with(options.clone()).await?;
        let read = pool(READERS).connect_with(options.read_only(true).create_if_missing(false)).await?;
        Ok(Self::Sqlite { write, read, write_lock: Arc::new(Semaphore::new(1)) })
    }

    /// Brings the schema up to date; instances that start together take turns.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        match self {
            Self::Sqlite { write, .. } => sqlx::migrate!("migrations/sqlite").run(write).await,
            Self::Postgres { pool } => sqlx::migrate!("migrations/postgres").run(pool).await,
        }
    }

    /// Begins a transaction that writes.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, write_lock, .. } => {
                let lock = timeout(ACQUIRE_TIMEOUT, write_lock.clone().acquire_owned()).await;
                let lock = lock.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
                Tx::Sqlite(SqliteTx { tx: write.begin_with("BEGIN IMMEDIATE").await?, _write_lock: Some(lock) })
            }
            Self::Postgres { pool } => Tx::Postgres(PgTx::Writing(pool.begin().await?)),
        })
    }

    /// For what only reads.
    pub async fn read(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(SqliteTx { tx: read.begin().await?, _write_lock: None }),
            Self::Postgres { pool } => Tx::Postgres(PgTx::Reading(pool.acquire().await?)),
        })
    }

    /// Begins a transaction that reads, however long it takes, as everything stood when it first read.
    pub async fn snapshot(&self) -> sqlx::Result<Tx> {
        match self {
            Self::Sqlite { .. } => self.read().await,
            Self::Postgres { pool, .. } => {
                let tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                Ok(Tx::Postgres(PgTx::Writing(tx)))
            }
        }
    }

    /// Writes a row and takes it back: whether the database would take a write.
    pub async fn probe(&self) -> sqlx::Result<()> {
        let mut tx = self.begin().await?;
        with_conn!(&mut tx, conn => sqlx::query("INSERT INTO instances (started_at) VALUES (0)").execute(conn).await.map(|_| ()))
    }

    /// Closes all connections, after what they are doing.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres { pool } => pool.close().await,
        }
    }
}

impl Tx {
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
            Self::Sqlite(SqliteTx { tx, _write_lock }) => tx.commit().await,
            Self::Postgres(PgTx::Writing(tx)) => tx.commit().await,
            Self::Postgres(PgTx::Reading(_)) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sqlite_is_new_enough_and_syncs_every_commit() -> sqlx::Result<()> {
        let Db::Sqlite { write, read, .. } = crate::server::store::testing::sqlite().await else {
            panic!("SQLite was asked for")
        };
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
