//! Group commit: one writer takes whatever waits, writes it in one transaction, then lets all those visitors go.

use crate::{
    domain::{
        ids::ClickId,
        time::{HOUR, Time},
    },
    server::{
        clicks::dedup::ClickDedup,
        config::clock::Clock,
        errors::is_race,
        realtime::{click_notices::PendingClickNotices, publisher::Publisher},
        store::{
            click_writer::ClickWriter,
            clicks::{self, BATCH, CountedClick, NewClick},
            db::Db,
        },
    },
};
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Clicks that are read at once when it is looked up who was counted in this hour.
const PAGE_SIZE: i64 = 50_000;

/// How long to wait before what could not be read is tried again.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Tries when another instance was quicker, or the database was away.
const MAX_TRIES: usize = 20;

/// How long to wait for a database that is away.
const RECONNECT_DELAY: Duration = Duration::from_millis(100);

/// How long visitors wait for their clicks to be durable.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// A click on its way to the writer.
pub struct PendingClick {
    pub click: NewClick,
    /// Told when the click is durable; dropped when it will not be known in time.
    pub written: oneshot::Sender<()>,
}

/// What the writer works with.
pub struct Writer {
    pub db: Db,
    pub clock: Clock,
    pub dedup: Arc<ClickDedup>,
    pub publisher: Publisher,
    pub notices: Arc<PendingClickNotices>,
}

/// Writes until `stop`, then what is left.
pub async fn run(writer: Writer, mut queue: mpsc::Receiver<PendingClick>, stop: CancellationToken) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut connection = writer.db.click_writer();
    while let Err(error) = sync_dedup(&writer, &mut connection).await {
        tracing::error!(%error, "who was counted in this hour could not be read");
        sleep(RETRY_DELAY).await;
    }
    loop {
        tokio::select! {
            biased;
            received = queue.recv_many(&mut batch, BATCH) => if received == 0 { return },
            () = stop.cancelled() => {
                queue.close();
                if queue.is_empty() { return }
                continue;
            }
        }
        let (mut clicks, waiting): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|pending| (pending.click, pending.written)).unzip();
        write(&writer, &mut connection, &mut clicks, waiting).await;
    }
}

/// Writes a batch and lets its visitors go: when it is durable, or after the longest wait. It is written even then.
async fn write(
    writer: &Writer,
    connection: &mut ClickWriter,
    clicks: &mut [NewClick],
    waiting: Vec<oneshot::Sender<()>>,
) {
    let count = clicks.len() as u64;
    let mut waiting = Some(waiting);
    let mut writing = pin!(write_with_retries(writer, connection, clicks));
    let written = match timeout(MAX_WAIT, &mut writing).await {
        Ok(written) => written,
        Err(_) => {
            metrics::counter!("passalong_clicks_unconfirmed_total").increment(count);
            tracing::warn!(count, "visitors went on before their clicks were durable");
            waiting = None;
            writing.await
        }
    };
    match written {
        Ok(clicks) => {
            for visitor in waiting.into_iter().flatten() {
                let _ = visitor.send(());
            }
            let counted = || clicks.iter().filter(|click| click.counts);
            metrics::counter!("passalong_clicks_recorded_total").increment(count);
            metrics::counter!("passalong_clicks_counted_total").increment(counted().count() as u64);
            writer.dedup.remember(counted().map(CountedClick::from));
            let users = counted().filter_map(|click| click.referrer).collect();
            let codes = counted().map(|click| click.code_id).collect();
            writer.notices.publish(&writer.db, &writer.publisher, users, codes).await;
        }
        Err(error) => {
            metrics::counter!("passalong_clicks_dropped_total").increment(count);
            tracing::error!(%error, count, "clicks were dropped");
        }
    }
}

/// Learns whom other instances have counted, and after a start whom anybody has counted in this hour.
async fn sync_dedup(writer: &Writer, connection: &mut ClickWriter) -> sqlx::Result<()> {
    if let Some(counted) = connection.sync_dedup().await? {
        writer.dedup.remember(counted.into_iter());
        return Ok(());
    }
    let loaded = load_hour(writer).await;
    if loaded.is_err() {
        // Else it would pass for one that knows the hour.
        *connection = writer.db.click_writer();
    }
    loaded
}

/// Reads whom anybody has counted in this hour.
async fn load_hour(writer: &Writer) -> sqlx::Result<()> {
    let hour = Time(writer.clock.now().hour() * HOUR);
    let mut after = ClickId(ClickId::first_at(hour).0 - 1);
    loop {
        let counted = clicks::counted(&mut writer.db.read().await?, after, PAGE_SIZE).await?;
        let Some(last) = counted.last() else { return Ok(()) };
        after = last.click;
        writer.dedup.remember(counted.into_iter());
    }
}

/// Marks duplicates and writes a batch, again when another instance was quicker or the connection was lost.
async fn write_with_retries<'a>(
    writer: &Writer,
    connection: &mut ClickWriter,
    batch: &'a mut [NewClick],
) -> sqlx::Result<&'a [NewClick]> {
    let mut tries = 1;
    loop {
        writer.dedup.mark_duplicates(batch);
        let written = match connection.write_batch(batch).await {
            Ok(false) => sync_dedup(writer, connection).await.map(|()| false),
            written => written,
        };
        match written {
            Ok(true) => return Ok(batch),
            Ok(false) => {}
            Err(error) if tries < MAX_TRIES && is_race(&error) => tries += 1,
            Err(error) if tries < MAX_TRIES && is_connection_lost(&error) => {
                tries += 1;
                sleep(RECONNECT_DELAY).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether the connection has ended, as when the database restarts. What was written all the same is not written
/// twice: clicks have their ids.
fn is_connection_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // PostgreSQL: shuts down, crashed, starts.
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03")),
        _ => false,
    }
}
