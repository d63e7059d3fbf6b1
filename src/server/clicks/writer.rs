//! Group commit: one writer takes whatever waits, writes it in one transaction, then lets all those visitors go.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::{
            clicks::{self, NewClick},
            db::lost_a_race,
        },
    },
    Pending,
};
use crate::domain::{
    ids::{ClickId, UserId},
    time::{HOUR, Time},
};
use std::{
    collections::{BTreeSet, HashSet},
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// Clicks in one transaction at most.
const BATCH: usize = 1_024;

/// Clicks that are recalled at once.
const RECALLED: i64 = 50_000;

/// How long to wait before what could not be read is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// Tries when another instance was in the way.
const TRIES: usize = 5;

/// How long visitors wait for their clicks to be durable.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who waits for a click, and whose numbers it moves.
type Waiting = (oneshot::Sender<()>, Option<UserId>);

/// Writes until `finish`, then what is left.
pub async fn run(server: Server, mut inbox: mpsc::Receiver<Pending>, finish: CancellationToken) {
    let mut batch = Vec::with_capacity(BATCH);
    while let Err(error) = recall(&server).await {
        tracing::error!(%error, "who was counted in this hour could not be read");
        tokio::time::sleep(RETRY).await;
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
        let (clicks, waiting): (Vec<NewClick>, Vec<Waiting>) =
            batch.drain(..).map(|pending| (pending.click, (pending.written, pending.referrer))).unzip();
        match timeout(PATIENCE, write(&server, &clicks, &waiting)).await {
            Ok(Ok((counted, change))) => {
                metrics::counter!("passalong_clicks_recorded_total").increment(clicks.len() as u64);
                metrics::counter!("passalong_clicks_counted_total").increment(counted.len() as u64);
                for (written, _) in waiting {
                    let _ = written.send(());
                }
                let counted = clicks.iter().filter(|click| counted.contains(&click.id));
                server.clicks.seen.remember(counted.map(|click| (click.code_id, click.visitor, click.id)));
                relay::apply(&server, &change).await;
            }
            Ok(Err(error)) => {
                metrics::counter!("passalong_clicks_dropped_total").increment(clicks.len() as u64);
                tracing::error!(%error, count = clicks.len(), "clicks were dropped");
            }
            Err(_) => {
                metrics::counter!("passalong_clicks_unconfirmed_total").increment(clicks.len() as u64);
                tracing::error!(count = clicks.len(), "visitors went on before their clicks were durable");
            }
        }
    }
}

/// Remembers who was counted in this hour, so that a restart changes nothing.
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

async fn write(server: &Server, clicks: &[NewClick], waiting: &[Waiting]) -> sqlx::Result<(HashSet<ClickId>, Change)> {
    let mut tries = 1;
    loop {
        match transaction(server, clicks, waiting).await {
            Err(error) if tries < TRIES && lost_a_race(&error) => tries += 1,
            done => return done,
        }
    }
}

async fn transaction(
    server: &Server,
    clicks: &[NewClick],
    waiting: &[Waiting],
) -> sqlx::Result<(HashSet<ClickId>, Change)> {
    let mut tx = server.db.begin().await?;
    let counted = clicks::insert(&mut tx, clicks, server.clicks.seen.fresh(clicks)).await?;
    let moved = clicks.iter().zip(waiting).filter(|(click, _)| counted.contains(&click.id));
    let users: BTreeSet<UserId> = moved.filter_map(|(_, (_, referrer))| *referrer).collect();
    let change = Change::of_users(users.into_iter().collect());
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    Ok((counted, change))
}
