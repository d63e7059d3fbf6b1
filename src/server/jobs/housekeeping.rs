//! Housekeeping: every few minutes, on every instance; doing it twice changes nothing.

use crate::{
    domain::{ids::CodeId, mails::RETENTION, time::Time},
    server::{
        actions::webhooks::fail_lost_rewards,
        state::AppState,
        store::{
            account_links, click_partitions, click_rollups, click_writer, db::Db, events, idempotency, mails,
            sent_forms, sessions, sign_up_origins, webhook_deliveries,
        },
    },
};
use std::time::Duration;

const INTERVAL: Duration = Duration::from_secs(600);

/// Codes whose clicks are rolled up in one transaction.
const ROLLUP_BATCH: i64 = 500;

/// Repeats until the server stops.
pub async fn run(state: AppState) {
    loop {
        if let Err(error) = housekeeping(&state).await {
            tracing::error!(%error, "housekeeping failed; it will be tried again");
        }
        if let Err(error) = fail_lost_rewards::run(&state).await {
            tracing::error!(?error, "rewards that nobody is told of cannot be marked; it will be tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(INTERVAL) => {}
            () = state.shutdown.cancelled() => return,
        }
    }
}

async fn housekeeping(state: &AppState) -> sqlx::Result<()> {
    let now = state.clock.now();
    state.rate_limiter.prune();
    state.code_finder.guesses.prune();
    state.user_stats.prune();
    state.rewards.prune();
    let mut tx = state.db.begin().await?;
    click_writer::prune_batches(&mut tx, now.hour() - 2).await?;
    sessions::prune(&mut tx, now).await?;
    account_links::prune(&mut tx, now).await?;
    sign_up_origins::prune(&mut tx, now.plus(-sign_up_origins::RETENTION)).await?;
    idempotency::prune(&mut tx, now.plus(-idempotency::RETENTION)).await?;
    sent_forms::prune(&mut tx, now.plus(-sent_forms::RETENTION)).await?;
    events::prune(&mut tx, now.plus(-events::RETENTION)).await?;
    mails::prune(&mut tx, now, now.plus(-RETENTION)).await?;
    webhook_deliveries::prune(&mut tx, now.plus(-webhook_deliveries::RETENTION)).await?;
    tx.commit().await?;
    // Apart, because two instances that make a partition at once get in each other's way.
    click_partitions::ensure_ahead(&state.db, now).await?;
    roll_up_clicks(&state.db, now).await?;
    state.db.trim_log().await
}

/// Rolls up the clicks of all days before yesterday, some codes at a time: others are let in between.
pub async fn roll_up_clicks(db: &Db, now: Time) -> sqlx::Result<()> {
    let end = now.day() - 1;
    loop {
        // Given back before the next one is taken: there may be few.
        let next = click_rollups::next_day(&mut db.read().await?).await?;
        let Some(day) = next.filter(|day| *day < end) else { return Ok(()) };
        let mut after = CodeId(0);
        loop {
            let mut tx = db.begin().await?;
            let last = click_rollups::roll_up(&mut tx, day, after, ROLLUP_BATCH).await?;
            tx.commit().await?;
            let Some(last) = last else { break };
            after = last;
        }
        let mut tx = db.begin().await?;
        click_rollups::done(&mut tx, day).await?;
        tx.commit().await?;
    }
}
