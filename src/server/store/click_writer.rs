//! The connection over which clicks are written, a batch at a time.

use crate::{
    domain::{
        ids::{ClickId, CodeId},
        time::Time,
    },
    server::{
        errors::is_race,
        store::{
            clicks::{self, CountedClick, NewClick, TRANSACTIONS},
            db::{Conn, Db, Tx},
            sqlite_connect::primary_code,
        },
    },
};
use sqlx::{
    ConnectOptions, PgConnection, SqliteConnection,
    postgres::{PgConnectOptions, PgDatabaseError},
    sqlite::SqliteConnectOptions,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long SQLite waits for a lock that another program holds before it says so. As with `lock_timeout` on PostgreSQL:
/// the writer keeps control, and what it has given up is not written later.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// A connection of one's own, for what is written so often that asking a pool for a connection would cost as much as
/// the writing, and that goes on when the pool is used up: opened when it is first needed, and again after an error.
pub enum ClickWriter {
    Sqlite { options: SqliteConnectOptions, open: Option<SqliteConnection>, write_lock: Arc<Semaphore> },
    Postgres { options: PgConnectOptions, open: Option<PgClickWriter> },
}

/// An open [`ClickWriter`] to PostgreSQL.
pub struct PgClickWriter {
    pub conn: PgConnection,
    /// The last batch of clicks of which it is known whom it counted; nothing before the first look.
    pub head: Option<i64>,
    /// Whether it holds the lock that others wait for.
    pub holds_lock: bool,
}

impl Db {
    /// A connection of one's own.
    pub fn click_writer(&self) -> ClickWriter {
        match self {
            Self::Sqlite { write, write_lock, .. } => ClickWriter::Sqlite {
                options: (*write.connect_options()).clone().busy_timeout(LOCK_TIMEOUT),
                open: None,
                write_lock: write_lock.clone(),
            },
            Self::Postgres { pool, .. } => {
                ClickWriter::Postgres { options: (*pool.connect_options()).clone(), open: None }
            }
        }
    }
}

/// The same statements again and again, each for few rows: planned once, for tables of any size. An instance that is
/// stopped while it holds the lock does not hold up the others for longer. Not sent with the start-up, because poolers
/// refuse that.
const PG_SETTINGS: &str = "SET plan_cache_mode = force_generic_plan;
     SET enable_seqscan = off;
     SET jit = off;
     SET lock_timeout = '1s';
     SET idle_in_transaction_session_timeout = '5s'";

async fn connect(options: &PgConnectOptions) -> sqlx::Result<PgClickWriter> {
    let mut conn = options.connect().await?;
    sqlx::raw_sql(PG_SETTINGS).execute(&mut conn).await?;
    Ok(PgClickWriter { conn, head: None, holds_lock: false })
}

impl ClickWriter {
    /// The open connection, for a statement that is a transaction by itself, and on SQLite the turn to write.
    pub async fn conn(&mut self) -> sqlx::Result<(Conn<'_>, Option<OwnedSemaphorePermit>)> {
        match self {
            Self::Sqlite { options, open, write_lock } => {
                let turn = write_lock.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
                if open.is_none() {
                    *open = Some(options.connect().await?);
                }
                Ok((Conn::Sqlite(open.as_mut().ok_or(sqlx::Error::PoolClosed)?), Some(turn)))
            }
            Self::Postgres { options, open } => {
                if open.is_none() {
                    *open = Some(connect(options).await?);
                }
                Ok((Conn::Postgres(&mut open.as_mut().ok_or(sqlx::Error::PoolClosed)?.conn), None))
            }
        }
    }

    /// Whether there is no connection: none yet, or the last one was lost.
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Sqlite { open: None, .. } | Self::Postgres { open: None, .. })
    }

    /// Whether a connection is as good as before when this has gone wrong on it. [`ClickWriter::write_batch`] knows
    /// more.
    pub fn survives(error: &sqlx::Error) -> bool {
        is_race(error) || has_waited(error) || is_refused_by_postgres(error)
    }

    /// Gives up the connection, in whatever state it is.
    pub fn close(&mut self) {
        match self {
            Self::Sqlite { open, .. } => *open = None,
            Self::Postgres { open, .. } => *open = None,
        }
    }

    /// Writes a batch of up to [`clicks::BATCH`] in a transaction of its own, in one message to the database and one
    /// answer: with a thousand transactions in a second, messages are what costs. Whether it is written: if not, other
    /// instances have counted visitors since. Then [`ClickWriter::sync_dedup`], look again whom to count, and commit
    /// again. After an error the connection is closed, unless it is certain that nothing is written.
    pub async fn write_batch(&mut self, batch: &[NewClick]) -> sqlx::Result<bool> {
        match self {
            ClickWriter::Sqlite { options, open, write_lock } => {
                let _turn = write_lock.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
                let mut conn = match open.take() {
                    Some(conn) => conn,
                    None => options.connect().await?,
                };
                clicks::on_sqlite(&mut conn, batch, &TRANSACTIONS).await?;
                *open = Some(conn);
                Ok(true)
            }
            ClickWriter::Postgres { open, .. } => {
                // A new connection may be to a database that has lost its batches in a crash.
                let Some(PgClickWriter { head: Some(head), .. }) = open else { return Ok(false) };
                let number = *head + 1;
                let Some(mut writer) = open.take() else { return Ok(false) };
                let written = match clicks::on_postgres(&mut writer.conn, batch, Some(number)).await {
                    Ok(written) => written,
                    Err(error) => {
                        if !writer.holds_lock && Self::survives(&error) {
                            *open = Some(writer);
                        }
                        return Err(error);
                    }
                };
                if written {
                    writer.head = Some(number);
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

    /// Fetches clicks counted by other instances since this one last wrote. Holds the write lock until the next
    /// [`ClickWriter::write_batch`], so that nobody gets in between. Nothing for a connection that is new or was away
    /// for long: its caller reads the hour from the clicks.
    pub async fn sync_dedup(&mut self) -> sqlx::Result<Option<Vec<CountedClick>>> {
        let ClickWriter::Postgres { options, open } = self else { return Ok(None) };
        let mut writer = match open.take() {
            Some(writer) => writer,
            None => connect(options).await?,
        };
        let (head, first): (i64, i64) =
            sqlx::query_as("SELECT COALESCE(MAX(number), 0), COALESCE(MIN(number), 0) FROM click_batches")
                .fetch_one(&mut writer.conn)
                .await?;
        let least = head.saturating_sub(MAX_MISSED_BATCHES).max(first - 1);
        let known = if let Some(known_head) = writer.head.filter(|known| *known >= least) {
            sqlx::raw_sql(LOCK_WRITES).execute(&mut writer.conn).await?;
            writer.holds_lock = true;
            let missed: Vec<(i64, Vec<i64>)> =
                sqlx::query_as("SELECT number, counted FROM click_batches WHERE number > $1 ORDER BY number")
                    .bind(known_head)
                    .fetch_all(&mut writer.conn)
                    .await?;
            writer.head = Some(missed.last().map_or(known_head, |(number, _)| *number));
            let clicks = missed.iter().flat_map(|(_, counted)| counted.as_chunks().0);
            let counted = |&[code, visitor, id, at, network]: &[i64; 5]| CountedClick {
                code_id: CodeId(code),
                visitor,
                id: ClickId(id),
                at: Time(at),
                network,
            };
            Some(clicks.map(counted).collect())
        } else {
            writer.head = Some(head);
            None
        };
        *open = Some(writer);
        Ok(known)
    }
}

/// Whether a statement has waited for a lock for too long. It has done nothing, and the connection is as good as
/// before.
fn has_waited(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(e) if e.code().as_deref() == Some("55P03"))
}

/// Whether PostgreSQL refuses the data: SQLSTATE classes of data and integrity.
fn is_refused_by_postgres(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    error
        .try_downcast_ref::<PgDatabaseError>()
        .is_some_and(|error| ["22", "23"].iter().any(|class| error.code().starts_with(class)))
}

/// Whether the database refuses the clicks themselves, so that trying again would change nothing.
pub fn is_refused(error: &sqlx::Error) -> bool {
    // TOOBIG, CONSTRAINT, MISMATCH.
    matches!(primary_code(error), Some(18..=20)) || is_refused_by_postgres(error)
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
            BATCH, counted_in,
            tests::{click, code},
        },
        counter_check, db_test, testing,
    };
    use std::time::Duration;

    fn counted_by<const N: usize>(clicks: [NewClick; N]) -> Vec<CountedClick> {
        clicks.iter().map(CountedClick::of).collect()
    }

    db_test!(a_batch_is_committed_at_once_or_not_at_all, |db| {
        let a = code(&db, "AAA").await?;
        let mut writer = db.click_writer();
        assert!(writer.sync_dedup().await?.is_none());
        let batch: Vec<_> = (10..10 + BATCH as i64).map(|n| click(n, a, n)).collect();
        assert!(writer.write_batch(&batch).await?);
        // The last of these is there already.
        let again = [click(8, a, 8), click(9, a, 9), click(10, a, 1)];
        assert!(writer.write_batch(&again).await.is_err());
        writer.sync_dedup().await?;
        assert!(writer.write_batch(&again[..2]).await?);
        let mut tx = db.read().await?;
        assert_eq!(counted_in(&mut tx.conn(), 0, ClickId(0), 2_000).await?.len(), BATCH + 2);
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
        assert_eq!(there.sync_dedup().await?, Some(counted_by([click(1, a, 7), click(2, a, 8)])));
        // It holds the lock now: the other one waits and then has something to learn.
        let late = [click(4, a, 10)];
        let mut waiting = Box::pin(here.write_batch(&late));
        assert!(tokio::time::timeout(Duration::from_millis(200), &mut waiting).await.is_err());
        assert!(there.write_batch(&[click(3, a, 9)]).await?);
        assert!(!waiting.as_mut().await?);
        drop(waiting);
        assert_eq!(here.sync_dedup().await?, Some(counted_by([click(3, a, 9)])));
        assert!(here.write_batch(&late).await?);
        let mut tx = db.begin().await?;
        assert_eq!(counted_in(&mut tx.conn(), 0, ClickId(0), 10).await?.len(), 4);
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

    #[tokio::test]
    async fn who_waits_for_a_locked_table_is_told_and_keeps_what_it_knows() -> sqlx::Result<()> {
        let db = testing::postgres().await;
        let a = code(&db, "AAA").await?;
        let mut writer = db.click_writer();
        assert!(writer.sync_dedup().await?.is_none());
        let mut tx = db.begin().await?;
        let Tx::Postgres(locking) = &mut tx else { panic!("PostgreSQL was asked for") };
        sqlx::query("LOCK TABLE code_days").execute(&mut **locking).await?;
        assert!(writer.write_batch(&[click(1, a, 1)]).await.is_err_and(|error| has_waited(&error)));
        assert!(!writer.is_closed());
        drop(tx);
        assert!(writer.write_batch(&[click(1, a, 1)]).await?);
        Ok(())
    }
}
