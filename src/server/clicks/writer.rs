//! Group commit: one writer takes whatever waits, writes it in one transaction, then lets all those visitors go.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::{clicks, db::lost_a_race},
    },
    Pending,
};
use crate::domain::ids::{ClickId, UserId};
use std::collections::{BTreeSet, HashSet};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Clicks in one transaction at most.
const BATCH: usize = 1_024;

/// Tries when another instance was in the way.
const TRIES: usize = 5;

/// Writes until `finish`, then what is left.
pub async fn run(server: Server, mut inbox: mpsc::Receiver<Pending>, finish: CancellationToken) {
    let mut batch = Vec::with_capacity(BATCH);
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
        write(&server, &mut batch).await;
    }
}

async fn write(server: &Server, batch: &mut Vec<Pending>) {
    let clicks: Vec<_> = batch.iter().map(|pending| pending.click.clone()).collect();
    let mut tries = 1;
    let written = loop {
        match transaction(server, &clicks, batch).await {
            Err(error) if tries < TRIES && lost_a_race(&error) => tries += 1,
            done => break done,
        }
    };
    let count = batch.len() as u64;
    match written {
        Ok((counted, change)) => {
            metrics::counter!("passalong_clicks_recorded_total").increment(count);
            metrics::counter!("passalong_clicks_counted_total").increment(counted.len() as u64);
            for pending in batch.drain(..) {
                if counted.contains(&pending.click.id) {
                    server.clicks.remember(&pending.click);
                }
                let _ = pending.written.send(());
            }
            relay::apply(server, &change).await;
        }
        Err(error) => {
            metrics::counter!("passalong_clicks_dropped_total").increment(count);
            tracing::error!(%error, count, "clicks were dropped");
            batch.clear();
        }
    }
}

async fn transaction(
    server: &Server,
    clicks: &[clicks::NewClick],
    batch: &[Pending],
) -> sqlx::Result<(HashSet<ClickId>, Change)> {
    let mut tx = server.db.begin().await?;
    let counted = clicks::insert(&mut tx, clicks).await?;
    let users: BTreeSet<UserId> =
        batch.iter().filter(|p| counted.contains(&p.click.id)).filter_map(|p| p.referrer).collect();
    let change = Change::of_users(users.into_iter().collect());
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    Ok((counted, change))
}
