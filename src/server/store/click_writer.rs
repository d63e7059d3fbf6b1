//! The connection over which clicks are written, a batch at a time.

use crate::{
    domain::ids::{ClickId, CodeId},
    server::store::{
        clicks::{self, CountedClick, NewClick, TRANSACTIONS},
        db::{Db, Tx},
    },
};
use sqlx::{
    ConnectOptions, Executor, PgConnection, SqliteConnection, postgres::PgConnectOptions, sqlite::SqliteConnectOptions,
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A connection of one's own, for what is written so often that asking a pool for a connection would cost as much as
/// the writing: opened when it is first needed, and again after an error.
pub enum ClickWriter {
    Sqlite { options: SqliteConnectOptions, conn: Option<SqliteConnection>, write_lock: Arc<Semaphore> },
    Postgres { options: PgConnectOptions, open: Option<PgClickWriter> },
}

/// An open [`ClickWriter`] to PostgreSQL.
pub struct PgClickWriter {
    pub conn: PgConnection,
    /// The last batch of clicks of which it is known whom it counted.
    pub head: i64,
    /// Whether it holds the lock that others wait for.
    pub holds_lock: bool,
}

impl Db {
    /// A connection of one's own.
    pub fn click_writer(&self) -> ClickWriter {
        match self {
            Self::Sqlite { write, write_lock, .. } => ClickWriter::Sqlite {
                options: (*write.connect_options()).clone(),
                conn: None,
                write_lock: write_lock.clone(),
            },
            Self::Postgres { pool, .. } => {
                ClickWriter::Postgres { options: (*pool.connect_options()).clone(), open: None }
            }
        }
    }
}

impl ClickWriter {
    /// Writes a batch of up to [`clicks::BATCH`] in a transaction of its own, in one message to the database and one
    /// answer: with a thousand transactions in a second, messages are what costs. Whether it is written: if not, other
    /// instances have counted visitors since. Then [`ClickWriter::sync_dedup`], look again whom to count, and commit again.
    pub async fn write_batch(&mut self, batch: &[NewClick]) -> sqlx::Result<bool> {
        match self {
            ClickWriter::Sqlite { options, conn, write_lock } => {
                let _lock = write_lock.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
                let mut open = match conn.take() {
                    Some(open) => open,
                    None => options.connect().await?,
                };
                clicks::on_sqlite(&mut open, batch, &TRANSACTIONS).await?;
                *conn = Some(open);
                Ok(true)
            }
            ClickWriter::Postgres { open, .. } => {
                // A new connection may be to a database that has lost its batches in a crash.
                let Some(mut writer) = open.take() else { return Ok(false) };
                let written = clicks::on_postgres(&mut writer.conn, batch, Some(writer.head + 1)).await?;
                if written {
                    writer.head += 1;
                }
                if writer.holds_lock {
                    sqlx::query("COMMIT").execute(&mut writer.conn).await?;
                    writer.holds_lock = false;
                }
                *open = Some(writer);
                Ok(written)
            }
        }
    }

    /// Fetches clicks counted by other instances since this one last wrote. Holds the write lock until the next [`ClickWriter::write_batch`], so
    /// that nobody gets in between. Nothing for a connection that is new or was away for long: its caller reads the hour
    /// from the clicks.
    pub async fn sync_dedup(&mut self) -> sqlx::Result<Option<Vec<CountedClick>>> {
        let ClickWriter::Postgres { options, open } = self else { return Ok(None) };
        let mut writer = match open.take() {
            Some(writer) => writer,
            None => PgClickWriter { conn: open_session(options).await?, head: i64::MIN, holds_lock: false },
        };
        let (head, first): (i64, i64) =
            sqlx::query_as("SELECT COALESCE(MAX(number), 0), COALESCE(MIN(number), 0) FROM click_batches")
                .fetch_one(&mut writer.conn)
                .await?;
        let known = if writer.head >= head.saturating_sub(MAX_MISSED_BATCHES).max(first - 1) {
            sqlx::raw_sql(LOCK_WRITES).execute(&mut writer.conn).await?;
            writer.holds_lock = true;
            let missed: Vec<(i64, Vec<i64>)> =
                sqlx::query_as("SELECT number, counted FROM click_batches WHERE number > $1 ORDER BY number")
                    .bind(writer.head)
                    .fetch_all(&mut writer.conn)
                    .await?;
            writer.head = missed.last().map_or(writer.head, |(number, _)| *number);
            let counted = missed.iter().flat_map(|(_, counted)| counted.as_chunks().0);
            let named = |&[code, visitor, click, network]: &[i64; 4]| CountedClick {
                code: CodeId(code),
                visitor,
                click: ClickId(click),
                network,
            };
            Some(counted.map(named).collect())
        } else {
            writer.head = head;
            None
        };
        *open = Some(writer);
        Ok(known)
    }
}

/// The same statements again and again, each for few rows: planned once, for tables of any size. An instance that is
/// stopped while it holds the lock does not hold up the others for longer.
const SESSION: &str = "SET plan_cache_mode = force_generic_plan;
     SET enable_seqscan = off;
     SET jit = off;
     SET idle_in_transaction_session_timeout = '5s'";

/// Settings of a session are set by a statement: poolers refuse them among the parameters of a start.
async fn open_session(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let mut conn = options.connect().await?;
    conn.execute(SESSION).await?;
    Ok(conn)
}

/// Missed batches that are read one by one; after more, the clicks of the hour are read.
const MAX_MISSED_BATCHES: i64 = 1_000;

/// Waits for the lock that writers of clicks share, which ends with the transaction.
const LOCK_WRITES: &str = "BEGIN; SELECT pg_advisory_xact_lock(7017280452245743464)";

/// Forgets whom the batches before this hour counted, on PostgreSQL; not the number of the last one.
pub async fn prune_batches(tx: &mut Tx, before: i64) -> sqlx::Result<()> {
    let Tx::Postgres(tx) = tx else { return Ok(()) };
    sqlx::query("DELETE FROM click_batches WHERE hour < $1 AND number < (SELECT MAX(number) FROM click_batches)")
        .bind(before)
        .execute(&mut **tx)
        .await
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{
        clicks::{
            BATCH, counted,
            tests::{click, code},
        },
        counter_check, db_test, testing,
    };
    use std::time::Duration;

    db_test!(a_batch_is_committed_at_once_or_not_at_all, |db| {
        let a = code(&db, "AAA").await?;
        let mut writer = db.click_writer();
        assert!(writer.sync_dedup().await?.is_none());
        let batch: Vec<_> = (10..10 + BATCH as i64).map(|n| click(n, a, n)).collect();
        assert!(writer.write_batch(&batch).await?);
        // The last of these is there already.
        let again = [click(8, a, 8), click(9, a, 9), click(10, a, 1)];
        assert!(writer.write_batch(&again).await.is_err());
        assert!(writer.sync_dedup().await?.is_none());
        assert!(writer.write_batch(&again[..2]).await?);
        let mut tx = db.read().await?;
        assert_eq!(counted(&mut tx, ClickId(0), 2_000).await?.len(), BATCH + 2);
        assert_eq!(counter_check::find_mismatches(&mut tx).await?, Vec::<counter_check::CounterMismatch>::new());
        Ok(())
    });

    #[tokio::test]
    async fn nothing_is_written_by_who_has_not_heard_whom_others_counted() -> sqlx::Result<()> {
        let db = testing::postgres().await;
        let a = code(&db, "AAA").await?;
        let (mut here, mut there) = (db.click_writer(), db.click_writer());
        assert!(!here.write_batch(&[click(1, a, 7)]).await?, "a new connection knows nothing");
        assert_eq!((here.sync_dedup().await?, there.sync_dedup().await?), (None, None));
        assert!(here.write_batch(&[click(1, a, 7)]).await?);
        assert!(here.write_batch(&[click(2, a, 8)]).await?);
        assert!(!there.write_batch(&[click(3, a, 7)]).await?);
        let told = |n, visitor| CountedClick::from(&click(n, a, visitor));
        assert_eq!(there.sync_dedup().await?, Some(vec![told(1, 7), told(2, 8)]));
        // It holds the lock now: the other one waits and then has something to learn.
        let late = [click(4, a, 10)];
        let mut waiting = Box::pin(here.write_batch(&late));
        assert!(tokio::time::timeout(Duration::from_millis(200), &mut waiting).await.is_err());
        assert!(there.write_batch(&[click(3, a, 9)]).await?);
        assert!(!waiting.as_mut().await?);
        drop(waiting);
        assert_eq!(here.sync_dedup().await?, Some(vec![told(3, 9)]));
        assert!(here.write_batch(&late).await?);
        let mut tx = db.begin().await?;
        assert_eq!(counted(&mut tx, ClickId(0), 10).await?.len(), 4);
        assert_eq!(counter_check::find_mismatches(&mut tx).await?, Vec::<counter_check::CounterMismatch>::new());
        tx.commit().await
    }

    #[tokio::test]
    async fn who_was_away_for_long_starts_anew() -> sqlx::Result<()> {
        let db = testing::postgres().await;
        let a = code(&db, "AAA").await?;
        let (mut here, mut there) = (db.click_writer(), db.click_writer());
        assert_eq!((here.sync_dedup().await?, there.sync_dedup().await?), (None, None));
        for n in 1..4 {
            assert!(here.write_batch(&[click(n, a, n)]).await?);
        }
        let mut tx = db.begin().await?;
        prune_batches(&mut tx, 1).await?;
        tx.commit().await?;
        assert!(!there.write_batch(&[click(5, a, 5)]).await?, "the number of the last batch is kept");
        assert_eq!(there.sync_dedup().await?, None);
        assert!(there.write_batch(&[click(5, a, 5)]).await?);
        Ok(())
    }
}
