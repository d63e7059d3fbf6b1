//! The connection over which clicks are written, a batch at a time.

use super::{
    Db, Tx,
    clicks::{self, COMMITS, Counted, NewClick},
};
use crate::domain::ids::{ClickId, CodeId};
use sqlx::{ConnectOptions, PgConnection, SqliteConnection, postgres::PgConnectOptions, sqlite::SqliteConnectOptions};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A connection of one's own, for what is written so often that asking a pool for a connection would cost as much as
/// the writing: opened when it is first needed, and anew after an error.
pub enum Line {
    Sqlite { options: SqliteConnectOptions, conn: Option<SqliteConnection>, turn: Arc<Semaphore> },
    Postgres { options: PgConnectOptions, open: Option<PgLine> },
}

/// An open [`Line`] to PostgreSQL.
pub struct PgLine {
    pub conn: PgConnection,
    /// The last batch of clicks of which it is known whom it counted.
    pub head: i64,
    /// Whether the others wait until this one has written.
    pub holds_turn: bool,
}

impl Db {
    /// A connection of one's own.
    pub fn line(&self) -> Line {
        match self {
            Self::Sqlite { write, turn, .. } => {
                Line::Sqlite { options: (*write.connect_options()).clone(), conn: None, turn: turn.clone() }
            }
            Self::Postgres { pool } => {
                // The same statements again and again, each for few rows: planned once, for tables of any size.
                let settings = [
                    ("plan_cache_mode", "force_generic_plan"),
                    ("enable_seqscan", "off"),
                    ("jit", "off"),
                    // An instance that is stopped in the middle of its turn does not hold up the others for longer.
                    ("idle_in_transaction_session_timeout", "5s"),
                ];
                Line::Postgres { options: (*pool.connect_options()).clone().options(settings), open: None }
            }
        }
    }
}

impl Line {
    /// Writes a batch of up to [`clicks::BATCH`] in a transaction of its own, in one message to the database and one
    /// answer: with a thousand transactions in a second, messages are what costs. Whether it is written: if not, other
    /// instances have counted visitors since. Then [`Line::catch_up`], look again whom to count, and commit again.
    pub async fn commit(&mut self, batch: &[NewClick]) -> sqlx::Result<bool> {
        match self {
            Line::Sqlite { options, conn, turn } => {
                let _turn = turn.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
                let mut open = match conn.take() {
                    Some(open) => open,
                    None => options.connect().await?,
                };
                clicks::on_sqlite(&mut open, batch, &COMMITS).await?;
                *conn = Some(open);
                Ok(true)
            }
            Line::Postgres { open, .. } => {
                // A new connection may be to a database that has lost its batches in a crash.
                let Some(mut line) = open.take() else { return Ok(false) };
                let written = clicks::on_postgres(&mut line.conn, batch, Some(line.head + 1)).await?;
                if written {
                    line.head += 1;
                }
                if line.holds_turn {
                    sqlx::query("COMMIT").execute(&mut line.conn).await?;
                    line.holds_turn = false;
                }
                *open = Some(line);
                Ok(written)
            }
        }
    }

    /// Whom others have counted since this line last wrote. It then keeps its turn until the next [`Line::commit`], so
    /// that nobody gets in between. Nothing for a line that is new or was away for long: its caller reads the hour from
    /// the clicks.
    pub async fn catch_up(&mut self) -> sqlx::Result<Option<Vec<Counted>>> {
        let Line::Postgres { options, open } = self else { return Ok(None) };
        let mut line = match open.take() {
            Some(line) => line,
            None => PgLine { conn: options.connect().await?, head: i64::MIN, holds_turn: false },
        };
        let (head, first): (i64, i64) =
            sqlx::query_as("SELECT COALESCE(MAX(number), 0), COALESCE(MIN(number), 0) FROM click_batches")
                .fetch_one(&mut line.conn)
                .await?;
        let known = if line.head >= head.saturating_sub(FAR_BEHIND).max(first - 1) {
            sqlx::raw_sql(TAKE_TURN).execute(&mut line.conn).await?;
            line.holds_turn = true;
            let missed: Vec<(i64, Vec<i64>)> =
                sqlx::query_as("SELECT number, counted FROM click_batches WHERE number > $1 ORDER BY number")
                    .bind(line.head)
                    .fetch_all(&mut line.conn)
                    .await?;
            line.head = missed.last().map_or(line.head, |(number, _)| *number);
            let triples = missed.iter().flat_map(|(_, counted)| counted.as_chunks().0);
            Some(triples.map(|&[code, visitor, click]| (CodeId(code), visitor, ClickId(click))).collect())
        } else {
            line.head = head;
            None
        };
        *open = Some(line);
        Ok(known)
    }
}

/// Batches that are caught up with one by one.
const FAR_BEHIND: i64 = 1_000;

/// Waits for the turn to write clicks, which ends with the transaction.
const TAKE_TURN: &str = "BEGIN; SELECT pg_advisory_xact_lock(7017280452245743464)";

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
    use super::{
        super::{
            clicks::{
                BATCH, counted,
                tests::{click, code},
            },
            db_test, tally, testing,
        },
        *,
    };
    use std::time::Duration;

    db_test!(a_batch_is_committed_at_once_or_not_at_all, |db| {
        let a = code(&db, "AAA").await?;
        let mut line = db.line();
        assert!(line.catch_up().await?.is_none());
        let batch: Vec<_> = (10..10 + BATCH as i64).map(|n| click(n, a, n)).collect();
        assert!(line.commit(&batch).await?);
        // The last of these is there already.
        let again = [click(8, a, 8), click(9, a, 9), click(10, a, 1)];
        assert!(line.commit(&again).await.is_err());
        assert!(line.catch_up().await?.is_none());
        assert!(line.commit(&again[..2]).await?);
        let mut tx = db.read().await?;
        assert_eq!(counted(&mut tx, ClickId(0), 2_000).await?.len(), BATCH + 2);
        assert_eq!(tally::drift(&mut tx).await?, Vec::<tally::Drift>::new());
        Ok(())
    });

    #[tokio::test]
    async fn nothing_is_written_by_who_has_not_heard_whom_others_counted() -> sqlx::Result<()> {
        let db = testing::postgres().await;
        let a = code(&db, "AAA").await?;
        let (mut here, mut there) = (db.line(), db.line());
        assert!(!here.commit(&[click(1, a, 7)]).await?, "a new line knows nothing");
        assert_eq!((here.catch_up().await?, there.catch_up().await?), (None, None));
        assert!(here.commit(&[click(1, a, 7)]).await?);
        assert!(here.commit(&[click(2, a, 8)]).await?);
        assert!(!there.commit(&[click(3, a, 7)]).await?);
        assert_eq!(there.catch_up().await?, Some(vec![(a, 7, ClickId(1)), (a, 8, ClickId(2))]));
        // It has the turn now: the other one waits and then has something to learn.
        let late = [click(4, a, 10)];
        let mut waiting = Box::pin(here.commit(&late));
        assert!(tokio::time::timeout(Duration::from_millis(200), &mut waiting).await.is_err());
        assert!(there.commit(&[click(3, a, 9)]).await?);
        assert!(!waiting.as_mut().await?);
        drop(waiting);
        assert_eq!(here.catch_up().await?, Some(vec![(a, 9, ClickId(3))]));
        assert!(here.commit(&late).await?);
        let mut tx = db.begin().await?;
        assert_eq!(counted(&mut tx, ClickId(0), 10).await?.len(), 4);
        assert_eq!(tally::drift(&mut tx).await?, Vec::<tally::Drift>::new());
        tx.commit().await
    }

    #[tokio::test]
    async fn who_was_away_for_long_starts_anew() -> sqlx::Result<()> {
        let db = testing::postgres().await;
        let a = code(&db, "AAA").await?;
        let (mut here, mut there) = (db.line(), db.line());
        assert_eq!((here.catch_up().await?, there.catch_up().await?), (None, None));
        for n in 1..4 {
            assert!(here.commit(&[click(n, a, n)]).await?);
        }
        let mut tx = db.begin().await?;
        prune_batches(&mut tx, 1).await?;
        tx.commit().await?;
        assert!(!there.commit(&[click(5, a, 5)]).await?, "the number of the last batch is kept");
        assert_eq!(there.catch_up().await?, None);
        assert!(there.commit(&[click(5, a, 5)]).await?);
        Ok(())
    }
}
