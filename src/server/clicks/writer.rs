//! Group commit: one writer takes whatever waits, writes it in one transaction, then lets all those visitors go.

use super::{
    super::{
        relay,
        state::Server,
        store::{
            Line,
            clicks::{self, BATCH, NewClick},
            db::lost_a_race,
        },
    },
    Pending,
};
use crate::domain::{
    ids::ClickId,
    time::{HOUR, Time},
};
use std::{pin::pin, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Clicks that are recalled at once.
const RECALLED: i64 = 50_000;

/// How long to wait before what could not be read is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// Tries when another instance was in the way, or the database was away.
const TRIES: usize = 20;

/// How long to wait for a database that is away.
const PAUSE: Duration = Duration::from_millis(100);

/// How long visitors wait for their clicks to be durable.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes until `finish`, then what is left.
pub async fn run(server: Server, mut inbox: mpsc::Receiver<Pending>, finish: CancellationToken) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut line = server.db.line();
    while let Err(error) = catch_up(&server, &mut line).await {
        tracing::error!(%error, "who was counted in this hour could not be read");
        sleep(RETRY).await;
    }
    loop {
        tokio::select! {
            biased;
            received = inbox.recv_many(&mut batch, BATCH) => if received == 0 { return },
            () = finish.cancelled() => {
                inbox.close();
                if inbox.is_empty() { return }
                continue;
            }
        }
        let (mut clicks, waiting): (Vec<_>, Vec<_>) = batch.drain(..).map(|p| (p.click, p.written)).unzip();
        write(&server, &mut line, &mut clicks, waiting).await;
    }
}

/// Writes a batch and lets its visitors go: when it is durable, or when their patience ends. It is written even then.
async fn write(server: &Server, line: &mut Line, clicks: &mut [NewClick], waiting: Vec<oneshot::Sender<()>>) {
    let count = clicks.len() as u64;
    let mut waiting = Some(waiting);
    let mut writing = pin!(retried(server, line, clicks));
    let written = match timeout(PATIENCE, &mut writing).await {
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
            server.clicks.seen.remember(counted().map(|click| (click.code_id, click.visitor, click.id)));
            let users = counted().filter_map(|click| click.referrer).collect();
            relay::clicked(server, users, counted().map(|click| click.code_id).collect()).await;
        }
        Err(error) => {
            metrics::counter!("passalong_clicks_dropped_total").increment(count);
            tracing::error!(%error, count, "clicks were dropped");
        }
    }
}

/// Learns whom other instances have counted, and after a start whom anybody has counted in this hour.
async fn catch_up(server: &Server, line: &mut Line) -> sqlx::Result<()> {
    if let Some(counted) = line.catch_up().await? {
        server.clicks.seen.remember(counted.into_iter());
        return Ok(());
    }
    let recalled = recall(server).await;
    if recalled.is_err() {
        // Else it would pass for one that knows the hour.
        *line = server.db.line();
    }
    recalled
}

/// Remembers whom anybody has counted in this hour.
async fn recall(server: &Server) -> sqlx::Result<()> {
    let hour = Time(server.clock.now().hour() * HOUR);
    let mut after = ClickId(ClickId::first_at(hour).0 - 1);
    loop {
        let counted = clicks::counted(&mut server.db.read().await?, after, RECALLED).await?;
        let Some((.., last)) = counted.last() else { return Ok(()) };
        after = *last;
        server.clicks.seen.remember(counted.into_iter());
    }
}

/// Judges and writes a batch, again when something was in the way.
async fn retried<'a>(server: &Server, line: &mut Line, batch: &'a mut [NewClick]) -> sqlx::Result<&'a [NewClick]> {
    let mut tries = 1;
    loop {
        server.clicks.seen.judge(batch);
        let written = match line.commit(batch).await {
            Ok(false) => catch_up(server, line).await.map(|()| false),
            written => written,
        };
        match written {
            Ok(true) => return Ok(batch),
            Ok(false) => {}
            Err(error) if tries < TRIES && lost_a_race(&error) => tries += 1,
            Err(error) if tries < TRIES && lost_the_line(&error) => {
                tries += 1;
                sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether the connection has ended, as when the database starts anew. What was written all the same is not written
/// twice: clicks have their ids.
fn lost_the_line(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // PostgreSQL: shuts down, crashed, starts.
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03")),
        _ => false,
    }
}
