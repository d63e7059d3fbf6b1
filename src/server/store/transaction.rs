//! A connection in a transaction, on either database: given back to its pool only in a state that the next one can use.

use crate::server::store::{
    limits::{ACQUIRE_TIMEOUT, STALL_TIMEOUT},
    sqlite_connect,
};
use futures::future::BoxFuture;
use sqlx::{Executor, PgConnection, Postgres, Sqlite, SqliteConnection, pool::PoolConnection};
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
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

/// How long a connection has to roll back or to close before it is given up.
const ROLLBACK_TIMEOUT: Duration = Duration::from_secs(5);

/// How much later than its limit the answer to a statement may come.
const ANSWER_DELAY: Duration = Duration::from_secs(2);

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
    pub async fn await_turn<T>(&self, turn: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
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
    /// Begins it with `statement`.
    pub async fn begin(
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

    /// Makes it durable.
    pub async fn commit(mut self) -> sqlx::Result<()> {
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
    /// A connection on which a statement may take as long as `limit`.
    pub fn new(conn: PoolConnection<Postgres>, limit: Option<Duration>, answers: &Answers) -> Self {
        Self { conn: Some(conn), open: false, unanswered: false, limit, answers: answers.clone() }
    }

    /// Begins a transaction with `statement`.
    pub async fn begin(mut self, statement: &'static str) -> sqlx::Result<Self> {
        self.run(statement).await?;
        self.open = true;
        Ok(self)
    }

    /// Makes it durable.
    pub async fn commit(mut self) -> sqlx::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Time,
        error::AppError,
        server::store::{
            db::{Db, Tx, with_conn},
            db_test,
            limits::Limits,
            secrets, testing,
        },
    };
    use tokio::time::{Instant, sleep};

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
