//! Group commit: one writer takes whatever waits, writes it in one transaction, then lets all those visitors go. What
//! cannot be written waits until it can.

use crate::{
    domain::{ids::ClickId, time::Time},
    server::{
        auth::client_ip::ClientIp,
        clicks::{click_ids::ClickIds, dedup::ClickDedup, visitor_hash::VisitorHash},
        config::{clock::Clock, rng::Rng},
        errors::is_race,
        realtime::{click_notices::PendingClickNotices, publisher::Publisher},
        store::{
            click_writer::{ClickWriter, is_refused},
            clicks::{self, BATCH, CountedClick, NewClick},
            db::Db,
            instances::{self, LEASE},
            secrets,
        },
    },
};
use std::{
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Clicks that are read at once when it is looked up who was counted in this hour.
const PAGE_SIZE: i64 = 50_000;

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

/// How long a number may take to be given back.
const RELEASE_TIMEOUT: Duration = Duration::from_millis(500);

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

/// How long the writer has been at what it does.
pub struct WorkTime {
    start: Instant,
    /// Milliseconds from the start, plus one; 0 while it has nothing to do.
    since: AtomicU64,
}

impl Default for WorkTime {
    fn default() -> Self {
        Self { start: Instant::now(), since: AtomicU64::new(0) }
    }
}

impl WorkTime {
    fn begin(&self, now: Instant) {
        self.since.store(millis(now - self.start) + 1, Ordering::Relaxed);
    }

    fn end(&self) {
        self.since.store(0, Ordering::Relaxed);
    }

    /// Whether it has been longer than this.
    pub fn exceeds(&self, limit: Duration) -> bool {
        match self.since.load(Ordering::Relaxed) {
            0 => false,
            since => millis(self.start.elapsed()) > since + millis(limit),
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
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

    /// Sees to everything that the clicks need before they can be written: who their visitors are, and ids.
    async fn prepare(&mut self, clicks: &mut [NewClick], waiting: &mut [Waiting]) -> sqlx::Result<()> {
        if !self.knows_hour {
            self.sync_dedup().await?;
            self.knows_hour = true;
        }
        let now = self.with.clock.now();
        if self.renew_at <= Instant::now() {
            self.renew(now).await?;
        }
        self.fetch_salt(now.day()).await?;
        for (click, waiting) in clicks.iter_mut().zip(waiting) {
            if let Some(client) = waiting.client {
                click.visitor = self.visitor(click, client).await?;
                waiting.client = None;
            }
            if click.id == ClickId(0) {
                // Never before the click: by that, a look at the ids of an hour finds all of its clicks.
                click.id = self.next_id(now.max(click.at)).await?;
            }
        }
        Ok(())
    }

    async fn next_id(&mut self, time: Time) -> sqlx::Result<ClickId> {
        if let Some(id) = self.ids.as_mut().and_then(|ids| ids.next(time)) {
            return Ok(id);
        }
        self.renew(time).await?;
        self.ids.as_mut().and_then(|ids| ids.next(time)).ok_or_else(no_number)
    }

    /// Keeps the number of this instance, with ids until well after `time`; takes another one when it has been lost.
    async fn renew(&mut self, time: Time) -> sqlx::Result<()> {
        let (ids, holder) = (&mut self.ids, self.holder);
        answered(&mut self.connection, async |connection| {
            let (mut conn, _turn) = connection.conn().await?;
            if let Some(ids) = ids.as_mut() {
                let until = time.max(ids.unused_from()).plus(LEASE).max(ids.lease.ids_until);
                if instances::renew(&mut conn, &ids.lease, until, time).await? {
                    ids.lease.ids_until = until;
                    return Ok(());
                }
            }
            let lease = instances::take(&mut conn, holder, time).await?.ok_or_else(no_number)?;
            *ids = Some(ClickIds::new(lease));
            Ok(())
        })
        .await?;
        self.renew_at = Instant::now() + RENEWAL_INTERVAL;
        Ok(())
    }

    /// Gives the number of this instance back.
    async fn release(mut self) {
        let Some(ids) = self.ids else { return };
        let release = answered(&mut self.connection, async |connection| {
            let (mut conn, _turn) = connection.conn().await?;
            instances::release(&mut conn, &ids.lease, ids.unused_from()).await
        });
        // Else somebody takes it when the lease has ended.
        let _ = timeout(RELEASE_TIMEOUT, release).await;
    }

    /// Works out who has clicked without a cookie.
    async fn visitor(&mut self, click: &NewClick, client: ClientIp) -> sqlx::Result<i64> {
        let day = click.at.day();
        self.fetch_salt(day).await?;
        let visitor = self.with.visitors.of(day, client, &click.user_agent);
        visitor.ok_or_else(|| sqlx::Error::Protocol("the salt of the day is no key".into()))
    }

    /// Sees to it that the salt of a day is known.
    async fn fetch_salt(&mut self, day: i64) -> sqlx::Result<()> {
        if self.with.visitors.knows(day) {
            return Ok(());
        }
        let candidate = self.with.rng.bytes::<32>();
        let salt = answered(&mut self.connection, async |connection| {
            let (mut conn, _turn) = connection.conn().await?;
            secrets::salt(&mut conn, day, &candidate).await
        });
        self.with.visitors.set(day, &salt.await?);
        Ok(())
    }

    /// Learns whom other instances have counted, and on a new connection whom anybody has counted in this hour.
    async fn sync_dedup(&mut self) -> sqlx::Result<()> {
        let learned = answered(&mut self.connection, async |connection| connection.sync_dedup().await).await?;
        if let Some(counted) = learned {
            self.with.dedup.remember(counted.into_iter());
            return Ok(());
        }
        let hour = self.with.clock.now().hour();
        let mut after = ClickId(0);
        loop {
            let counted = answered(&mut self.connection, async |connection| {
                let (mut conn, _turn) = connection.conn().await?;
                clicks::counted_in(&mut conn, hour, after, PAGE_SIZE).await
            });
            let counted = counted.await?;
            let Some(last) = counted.last() else { return Ok(()) };
            after = last.id;
            self.with.dedup.remember(counted.into_iter());
        }
    }

    /// Says from time to time that clicks cannot be written.
    fn log(&mut self, error: &sqlx::Error, queue: &mpsc::Receiver<PendingClick>) {
        if self.logged_at.is_none_or(|at| at.elapsed() >= LOG_INTERVAL) {
            self.logged_at = Some(Instant::now());
            tracing::warn!(%error, waiting = self.in_hand + queue.len(), "clicks cannot be written yet: they wait");
        }
    }
}

/// Waits for an answer, but not for ever. A connection on which something went wrong is closed, unless it closes itself.
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

fn no_number() -> sqlx::Error {
    sqlx::Error::Protocol(format!("all {} numbers of instances are taken", instances::NUMBERS))
}
