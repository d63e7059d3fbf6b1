//! Group commit: one writer takes whatever waits, writes it in one transaction, then lets all those visitors go. What
//! cannot be written waits until it can.

mod prepare;

use crate::{
    domain::ids::ClickId,
    server::{
        auth::client_ip::ClientIp,
        clicks::{click_ids::ClickIds, dedup::ClickDedup, visitor_hash::VisitorHash, work_time::WorkTime},
        config::{clock::Clock, rng::Rng},
        errors::is_race,
        realtime::{click_notices::PendingClickNotices, publisher::Publisher},
        store::{
            click_writer::{ClickWriter, is_refused},
            clicks::{self, BATCH, CountedClick, NewClick},
            db::Db,
        },
    },
};
use std::{io, pin::pin, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// How long to wait before a batch that could not be written is tried again.
const RETRY_DELAY: Duration = Duration::from_millis(100);

/// How long the database may take to answer before the connection is given up.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// How often it is logged that clicks cannot be written.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// How often the number of this instance is renewed.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(10);

/// How long it is tried to write what is left when the server stops.
const LAST_WAIT: Duration = Duration::from_millis(1_500);

/// A click on its way to the writer, who gives it its id.
pub struct PendingClick {
    pub click: NewClick,
    /// Where it came from, when its visitor has still to be worked out.
    pub client: Option<ClientIp>,
    /// Told when the click is durable; dropped when it will not be.
    pub written: oneshot::Sender<(ClickId, i64)>,
}

/// What the writer works with.
pub struct Writer {
    pub db: Db,
    pub clock: Clock,
    pub rng: Rng,
    pub dedup: Arc<ClickDedup>,
    pub visitors: Arc<VisitorHash>,
    pub publisher: Publisher,
    pub notices: Arc<PendingClickNotices>,
    pub work: Arc<WorkTime>,
}

/// Writes until `stop`, then what is left, if it can be written in time.
pub async fn run(writer: Writer, mut queue: mpsc::Receiver<PendingClick>, stop: CancellationToken) {
    let mut writer = BatchWriter {
        connection: writer.db.click_writer(),
        holder: i64::from_le_bytes(writer.rng.bytes()),
        ids: None,
        renew_at: Instant::now(),
        knows_hour: false,
        in_hand: 0,
        logged_at: None,
        with: writer,
    };
    let mut batch = Vec::with_capacity(BATCH);
    let mut stopping = pin!(stop.cancelled());
    let mut too_late = pin!(async {
        stop.cancelled().await;
        sleep(LAST_WAIT).await;
    });
    let mut renewal = interval(RENEWAL_INTERVAL);
    renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            received = queue.recv_many(&mut batch, BATCH) => if received == 0 { break },
            () = &mut stopping, if !queue.is_closed() => {
                queue.close();
                continue;
            }
            // An empty batch: what is needed to write is prepared.
            _ = renewal.tick() => {}
        }
        writer.in_hand = batch.len();
        tokio::select! {
            biased;
            () = writer.write_all(&mut batch, &queue) => {}
            () = &mut too_late => {
                queue.close();
                let count = writer.in_hand + queue.len();
                metrics::counter!("passalong_clicks_dropped_total").increment(count as u64);
                if count > 0 {
                    tracing::error!(count, "the server stops, and these clicks were not written");
                }
                return;
            }
        }
    }
    writer.release().await;
}

/// The writer at work.
struct BatchWriter {
    with: Writer,
    connection: ClickWriter,
    /// The random name under which this process holds its number.
    holder: i64,
    ids: Option<ClickIds>,
    renew_at: Instant,
    /// Whether it has been read who was counted in this hour before the start.
    knows_hour: bool,
    /// Clicks that have been taken from the queue and are neither written nor dropped.
    in_hand: usize,
    /// When it was logged that clicks cannot be written, while that is so.
    logged_at: Option<Instant>,
}

/// What becomes of clicks that wait, beside the clicks.
struct Waiting {
    client: Option<ClientIp>,
    written: oneshot::Sender<(ClickId, i64)>,
}

impl BatchWriter {
    async fn write_all(&mut self, batch: &mut Vec<PendingClick>, queue: &mpsc::Receiver<PendingClick>) {
        self.with.work.begin(Instant::now());
        let pending =
            batch.drain(..).map(|PendingClick { click, client, written }| (click, Waiting { client, written }));
        let (clicks, waiting) = pending.unzip();
        self.write(clicks, waiting, queue).await;
        self.with.work.end();
    }

    /// Writes a batch and lets its visitors go. Of clicks that the database refuses only these are dropped, not those
    /// that happened to come at the same time.
    async fn write(
        &mut self,
        mut clicks: Vec<NewClick>,
        mut waiting: Vec<Waiting>,
        queue: &mpsc::Receiver<PendingClick>,
    ) {
        match self.write_with_retries(&mut clicks, &mut waiting, queue).await {
            Ok(()) if clicks.is_empty() => {}
            Ok(()) => {
                for (visitor, click) in waiting.into_iter().zip(&clicks) {
                    let _ = visitor.written.send((click.id, click.visitor));
                }
                self.in_hand -= clicks.len();
                let counted = || clicks.iter().filter(|click| click.counts);
                metrics::counter!("passalong_clicks_recorded_total").increment(clicks.len() as u64);
                metrics::counter!("passalong_clicks_counted_total").increment(counted().count() as u64);
                self.with.dedup.remember(counted().map(CountedClick::of));
                let users = counted().filter_map(|click| click.referrer).collect();
                let codes = counted().map(|click| click.code_id).collect();
                self.with.notices.publish(&self.with.db, &self.with.publisher, users, codes).await;
            }
            Err(_) if clicks.len() > 1 => {
                let half = clicks.len() / 2;
                let (later_clicks, later_waiting) = (clicks.split_off(half), waiting.split_off(half));
                Box::pin(self.write(clicks, waiting, queue)).await;
                Box::pin(self.write(later_clicks, later_waiting, queue)).await;
            }
            Err(error) => {
                self.in_hand -= clicks.len();
                metrics::counter!("passalong_clicks_dropped_total").increment(clicks.len() as u64);
                tracing::error!(%error, "a click was dropped: the database refuses it");
            }
        }
    }

    /// Writes a batch as soon as the database takes it. An error means that it never will.
    async fn write_with_retries(
        &mut self,
        clicks: &mut [NewClick],
        waiting: &mut [Waiting],
        queue: &mpsc::Receiver<PendingClick>,
    ) -> sqlx::Result<()> {
        // Whether the last try may have written it all the same.
        let mut unsure = false;
        loop {
            let written = async {
                if unsure && self.is_written(clicks).await? {
                    return Ok(());
                }
                unsure = false;
                self.prepare(clicks, waiting).await?;
                let written = self.write_once(clicks).await;
                unsure = written.is_err() && self.connection.is_closed();
                written
            };
            match written.await {
                Ok(()) => {
                    if self.logged_at.take().is_some() {
                        tracing::info!("clicks are written again");
                    }
                    return Ok(());
                }
                Err(error) if is_race(&error) => {}
                Err(error) if is_refused(&error) => match self.is_written(clicks).await {
                    Ok(true) => return Ok(()),
                    Ok(false) => return Err(error),
                    Err(_) => sleep(RETRY_DELAY).await,
                },
                Err(error) => {
                    self.log(&error, queue);
                    sleep(RETRY_DELAY).await;
                }
            }
        }
    }

    /// Marks duplicates and writes the batch, again when another instance was quicker.
    async fn write_once(&mut self, clicks: &mut [NewClick]) -> sqlx::Result<()> {
        while !clicks.is_empty() {
            self.with.dedup.mark_duplicates(clicks);
            if answered(&mut self.connection, async |connection| connection.write_batch(clicks).await).await? {
                break;
            }
            self.sync_dedup().await?;
        }
        Ok(())
    }

    async fn is_written(&mut self, clicks: &[NewClick]) -> sqlx::Result<bool> {
        let Some(first) = clicks.first() else { return Ok(true) };
        answered(&mut self.connection, async |connection| {
            let (mut conn, _turn) = connection.conn().await?;
            clicks::is_written(&mut conn, first).await
        })
        .await
    }

    /// Says from time to time that clicks cannot be written.
    fn log(&mut self, error: &sqlx::Error, queue: &mpsc::Receiver<PendingClick>) {
        if self.logged_at.is_none_or(|at| at.elapsed() >= LOG_INTERVAL) {
            self.logged_at = Some(Instant::now());
            tracing::warn!(%error, waiting = self.in_hand + queue.len(), "clicks cannot be written yet: they wait");
        }
    }
}

/// Waits for an answer, but not for ever. A connection on which something went wrong is closed, unless it closes
/// itself.
async fn answered<T>(
    connection: &mut ClickWriter,
    work: impl AsyncFnOnce(&mut ClickWriter) -> sqlx::Result<T>,
) -> sqlx::Result<T> {
    let answer = timeout(ANSWER_TIMEOUT, work(connection)).await;
    let answer = answer.unwrap_or_else(|_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into())));
    if answer.as_ref().is_err_and(|error| !ClickWriter::survives(error)) {
        connection.close();
    }
    answer
}
