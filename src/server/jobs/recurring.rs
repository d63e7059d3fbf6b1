//! Jobs that come again by themselves.

use crate::server::{
    jobs::job::{Kind, RECURRING, Recurring},
    state::AppState,
    store::{
        db::Tx,
        jobs::{self, NewJob},
    },
};
use std::time::Duration;

/// How often it is looked whether all of them are there.
const INTERVAL: Duration = Duration::from_secs(60);

/// Sees to it until the server stops that one job of each recurring kind is open.
pub async fn run(state: AppState, kinds: &'static [Kind]) {
    loop {
        if let Err(error) = ensure(&state, kinds).await {
            tracing::error!(%error, "recurring jobs cannot be asked for");
        }
        tokio::select! {
            () = tokio::time::sleep(INTERVAL) => {}
            () = state.shutdown.cancelled() => return,
        }
    }
}

/// Asks for the recurring jobs that are not open: after the first start, or because this version brought them.
pub async fn ensure(state: &AppState, kinds: &[Kind]) -> sqlx::Result<()> {
    let open = jobs::open_kinds(&mut state.db.read().await?, RECURRING).await?;
    let missing = kinds.iter().filter(|kind| open.iter().all(|open| open != kind.name));
    let missing: Vec<_> = missing.filter_map(|kind| kind.recurring.as_ref()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let now = state.clock.now();
    let mut tx = state.db.begin().await?;
    for recurring in missing {
        jobs::enqueue_once(&mut tx, &(recurring.first)(now), RECURRING).await?;
    }
    tx.commit().await?;
    state.new_job.send_replace(());
    Ok(())
}

/// Asks for the next time of a job that failed.
pub async fn enqueue_next(tx: &mut Tx, state: &AppState, recurring: &Recurring) -> sqlx::Result<()> {
    let now = state.clock.now();
    let next = NewJob { run_at: now.plus(recurring.interval), ..(recurring.first)(now) };
    jobs::enqueue_once(tx, &next, RECURRING).await.map(drop)
}
