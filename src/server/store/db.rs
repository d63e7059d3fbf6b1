//! The database: SQLite in one file, or PostgreSQL.

use crate::server::store::{
    limits::{ACQUIRE_TIMEOUT, ConnectError, Limits, STALL_TIMEOUT},
    pg_connect, sqlite_connect,
};
use futures::future::BoxFuture;
use sqlx::{
    Executor, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool,
    migrate::{MigrateError, Migrator},
    pool::PoolConnection,
};
use std::{
    io,
    ops::{Deref, DerefMut},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};

/// How long a connection has to roll back or to close before it is given up.
const ROLLBACK_TIMEOUT: Duration = Duration::from_secs(5);

/// How much later than its limit the answer to a statement may come.
const ANSWER_DELAY: Duration = Duration::from_secs(2);

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
                    $crate::server::store::db::within(limit, Box::pin(async { $body })).await
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

/// Counts what a database has answered, by which those who wait can tell whether it is busy or does not answer at all.
#[derive(Clone, Default)]
pub struct Answers(Arc<AtomicU64>);

impl Answers {
    fn note<T>(&self, answer: &sqlx::Result<T>) {
        if answer.is_ok() {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits for a turn as long as others get theirs.
    async fn await_turn<T>(&self, turn: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
        let mut turn = pin!(timeout(ACQUIRE_TIMEOUT, turn));
        loop {
            let before = self.0.load(Ordering::Relaxed);
            match timeout(STALL_TIMEOUT, &mut turn).await {
                Ok(taken) => return taken.unwrap_or(Err(sqlx::Error::PoolTimedOut)),
                Err(_) if self.0.load(Ordering::Relaxed) == before => return Err(sqlx::Error::PoolTimedOut),
                Err(_) => {}
            }
        }
    }
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

/// A transaction on SQLite. One that writes holds the write lock until it has ended.
///
/// It is begun and ended by plain statements: SQLite ends a transaction by itself when the disk is full, and whoever
/// counts transactions beside it has miscounted then.
pub struct SqliteTx {
    /// Taken when it is dropped.
    conn: Option<PoolConnection<Sqlite>>,
    open: bool,
    /// Whether the connection may have suffered: it was opened while the disk took no writes, say.
    spent: bool,
    answers: Answers,
    _write_lock: Option<OwnedSemaphorePermit>,
}

impl SqliteTx {
    async fn begin(
        conn: PoolConnection<Sqlite>,
        statement: &'static str,
        answers: &Answers,
        write_lock: Option<OwnedSemaphorePermit>,
    ) -> sqlx::Result<Self> {
        let mut tx =
            Self { conn: Some(conn), open: true, spent: false, answers: answers.clone(), _write_lock: write_lock };
        tx.execute(statement).await?;
        Ok(tx)
    }

    async fn commit(mut self) -> sqlx::Result<()> {
        let committed = self.execute("COMMIT").await;
        self.done(committed)?;
        self.open = false;
        Ok(())
    }

    /// Notes what has come back.
    pub fn done<T>(&mut self, done: sqlx::Result<T>) -> sqlx::Result<T> {
        self.answers.note(&done);
        self.spent |= done.as_ref().is_err_and(sqlite_connect::is_disk_error);
        done
    }
}

impl Deref for SqliteTx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        self.conn.as_ref().expect(HELD)
    }
}

impl DerefMut for SqliteTx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.conn.as_mut().expect(HELD)
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take().filter(|_| self.open) else { return };
        let spent = self.spent;
        tokio::spawn(async move {
            let rolled_back = conn.execute("ROLLBACK").await;
            close_unless(rolled_back.is_ok() && !spent, conn).await;
        });
    }
}

/// Why a connection is always there.
const HELD: &str = "a transaction holds its connection until it is dropped";

/// A connection to PostgreSQL, in a transaction if it writes. What only reads needs none: each statement sees the
/// latest anyway, and beginning and ending one would cost as much as the statement.
pub struct PgTx {
    /// Taken when it is dropped.
    conn: Option<PoolConnection<Postgres>>,
    open: bool,
    /// Whether a statement was sent whose answer has not come.
    unanswered: bool,
    limit: Option<Duration>,
    answers: Answers,
}

impl PgTx {
    async fn begin(mut self, statement: &'static str) -> sqlx::Result<Self> {
        self.run(statement).await?;
        self.open = true;
        Ok(self)
    }

    async fn commit(mut self) -> sqlx::Result<()> {
        if self.open {
            self.run("COMMIT").await?;
            self.open = false;
        }
        Ok(())
    }

    async fn run(&mut self, statement: &'static str) -> sqlx::Result<()> {
        let limit = self.ask();
        let answer = within(limit, (**self).execute(statement)).await;
        self.answered(answer).map(|_| ())
    }

    /// Notes that a statement is sent; how long its answer may take.
    pub fn ask(&mut self) -> Option<Duration> {
        self.unanswered = true;
        // It says so itself when a statement takes too long, unless it is gone.
        self.limit.map(|limit| limit + ANSWER_DELAY)
    }

    /// Notes what has come back.
    pub fn answered<T>(&mut self, answer: Option<sqlx::Result<T>>) -> sqlx::Result<T> {
        let Some(answer) = answer else {
            return Err(sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "PostgreSQL does not answer")));
        };
        self.unanswered = false;
        self.answers.note(&answer);
        answer
    }
}

impl Deref for PgTx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.conn.as_ref().expect(HELD)
    }
}

impl DerefMut for PgTx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.conn.as_mut().expect(HELD)
    }
}

impl Drop for PgTx {
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        if self.unanswered {
            // Nobody knows what it is doing.
            conn.close_on_drop();
        } else if self.open {
            tokio::spawn(async move {
                let rolled_back = timeout(ROLLBACK_TIMEOUT, conn.execute("ROLLBACK")).await;
                close_unless(matches!(rolled_back, Ok(Ok(_))), conn).await;
            });
        }
    }
}

/// Gives a connection back to its pool when it has rolled back; else closes it, so that none comes back in a state that
/// the next one would fail on.
async fn close_unless<DB: sqlx::Database>(rolled_back: bool, conn: PoolConnection<DB>) {
    if !rolled_back {
        let _ = timeout(ROLLBACK_TIMEOUT, conn.close()).await;
    }
}

/// What `asked` answers; nothing when that takes too long. Boxed, else the compiler cannot tell that whoever waits for
/// it may be sent between threads.
pub async fn within<T>(limit: Option<Duration>, asked: BoxFuture<'_, T>) -> Option<T> {
    match limit {
        Some(limit) => timeout(limit, asked).await.ok(),
        None => Some(asked.await),
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
        let conn = Some(answers.await_turn(pool.acquire()).await?);
        Ok(PgTx { conn, open: false, unanswered: false, limit: limits.statement, answers: answers.clone() })
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
    use crate::{
        domain::time::Time,
        error::AppError,
        server::store::{db_test, secrets, testing},
    };
    use tokio::time::Instant;

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

    async fn write(db: &Db, name: &str, bytes: usize) -> sqlx::Result<()> {
        let mut tx = db.begin().await?;
        secrets::keep(&mut tx, name, &vec![7; bytes], Time(0)).await?;
        tx.commit().await
    }

    #[tokio::test]
    async fn a_transaction_that_sqlite_has_ended_leaves_nothing_behind() -> sqlx::Result<()> {
        let db = testing::sqlite().await;
        for n in 0..5 {
            let Db::Sqlite { write: pool, .. } = &db else { panic!("SQLite was asked for") };
            sqlx::query("PRAGMA max_page_count = 1").execute(pool).await?;
            let full = write(&db, &format!("large-{n}"), 100_000).await.expect_err("there is no room");
            assert_eq!(AppError::from(full), AppError::Unavailable);
            write(&db, &format!("small-{n}"), 10).await?;
        }
        let mut tx = db.read().await?;
        assert_eq!(secrets::get(&mut tx, "small-4").await?.map(|value| value.len()), Some(10));
        assert_eq!(secrets::get(&mut tx, "large-0").await?, None);
        Ok(())
    }

    #[tokio::test]
    async fn a_connection_that_takes_no_writes_is_not_kept() -> sqlx::Result<()> {
        let db = testing::sqlite().await;
        let Db::Sqlite { write: pool, .. } = &db else { panic!("SQLite was asked for") };
        sqlx::query("PRAGMA query_only = TRUE").execute(pool).await?;
        let refused = write(&db, "one", 1).await.expect_err("it only reads");
        assert_eq!(AppError::from(refused), AppError::Unavailable);
        write(&db, "one", 1).await
    }

    db_test!(whoever_gives_up_leaves_no_transaction_open, |db| {
        for n in 0..40 {
            let given_up = async {
                let mut tx = db.begin().await?;
                secrets::keep(&mut tx, "given up", b"x", Time(0)).await?;
                tx.commit().await
            };
            let _ = timeout(Duration::from_micros(n * 50), given_up).await;
        }
        write(&db, "kept", 1).await?;
        if let Db::Postgres { pool, .. } = &db {
            // What was given up takes a moment to end.
            sleep(Duration::from_millis(500)).await;
            let open: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in %'",
            )
            .fetch_one(pool)
            .await?;
            assert_eq!(open, 0);
        }
        Ok(())
    });

    #[tokio::test]
    async fn a_statement_has_its_time() -> sqlx::Result<()> {
        let Db::Postgres { pool, .. } = testing::postgres().await else { panic!("PostgreSQL was asked for") };
        let options = pool.connect_options();
        let server = std::env::var(testing::POSTGRES).expect("a server");
        let (base, _) = server.rsplit_once('/').expect("an address");
        let url = format!("{base}/{}", options.get_database().expect("a name"));
        let limits = Limits { statement: Some(Duration::from_millis(300)), ..Limits::COMMAND };
        let db = Db::connect_with(&url, limits).await.expect("connected");
        // Of two that want the same rows, and of what takes long by itself.
        let (mut first, mut second) = (db.begin().await?, db.begin().await?);
        secrets::keep(&mut first, "one", b"x", Time(0)).await?;
        let waited = secrets::keep(&mut second, "one", b"x", Time(0)).await.expect_err("the other one has it");
        assert_eq!(AppError::from(waited), AppError::Unavailable);
        drop((first, second));
        let mut tx = db.read().await?;
        let slept = with_conn!(&mut tx, conn => sqlx::query("SELECT pg_sleep(60)").execute(conn).await.map(|_| ()));
        assert_eq!(AppError::from(slept.expect_err("stopped")), AppError::Unavailable);
        Ok(())
    }

    #[tokio::test]
    async fn who_does_not_answer_is_given_up() -> sqlx::Result<()> {
        let db = testing::postgres().await;
        let mut tx = db.begin().await?;
        let Tx::Postgres(silent) = &mut tx else { panic!("PostgreSQL was asked for") };
        // The server knows no limit here: it is as if it had stopped.
        silent.limit = Some(Duration::ZERO);
        let asked = Instant::now();
        let gone = with_conn!(&mut tx, conn => sqlx::query("SELECT pg_sleep(60)").execute(conn).await.map(|_| ()));
        assert_eq!(AppError::from(gone.expect_err("given up")), AppError::Unavailable);
        assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
        drop(tx);
        // Its connection is not used again.
        write(&db, "next", 1).await
    }
}
