//! Housekeeping: every few minutes, on every instance; doing it twice changes nothing.

use crate::{
    domain::{
        ids::CodeId,
        time::{DAY, Time},
    },
    server::{
        state::AppState,
        store::{click_rollups, click_writer, clicks, db::Db, events, idempotency, sent_forms, sessions},
    },
};
use jiff::{ToSpan, civil::Date};
use std::time::Duration;

const INTERVAL: Duration = Duration::from_secs(600);

/// Months of clicks that have their partition ahead of time, this one included.
const MONTHS_AHEAD: i64 = 3;

/// Codes whose clicks are rolled up in one transaction.
const ROLLUP_BATCH: i64 = 500;

/// Repeats until the server stops.
pub async fn run(state: AppState) {
    loop {
        if let Err(error) = housekeeping(&state).await {
            tracing::error!(%error, "housekeeping failed; it will be tried again");
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
    let mut tx = state.db.begin().await?;
    click_writer::prune_batches(&mut tx, now.hour() - 2).await?;
    sessions::prune(&mut tx, now).await?;
    idempotency::prune(&mut tx, now.plus(-idempotency::RETENTION)).await?;
    sent_forms::prune(&mut tx, now.plus(-sent_forms::RETENTION)).await?;
    events::prune(&mut tx, now.plus(-events::RETENTION)).await?;
    tx.commit().await?;
    // Apart, because two instances that make a partition at once get in each other's way.
    ensure_months(&state.db, now, MONTHS_AHEAD).await?;
    roll_up_clicks(&state.db, now).await?;
    state.db.trim_log().await
}

/// Makes the partitions of so many months, from that of `first` on, unless they are there.
pub async fn ensure_months(db: &Db, first: Time, count: i64) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    for (name, from, to) in months(first, count) {
        clicks::ensure_partition(&mut tx, &name, from, to).await?;
    }
    tx.commit().await
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

/// The partitions of so many months, from that of `first` on: name, begin, end.
fn months(first: Time, count: i64) -> Vec<(String, Time, Time)> {
    let day = Date::new(1970, 1, 1).ok().and_then(|epoch| epoch.checked_add((first.0.div_euclid(DAY)).days()).ok());
    let Some(first) = day.map(Date::first_of_month) else { return vec![] };
    (0..count)
        .filter_map(|n| {
            let from = first.checked_add(n.months()).ok()?;
            let to = from.checked_add(1.month()).ok()?;
            Some((format!("clicks_{:04}_{:02}", from.year(), from.month()), midnight(from)?, midnight(to)?))
        })
        .collect()
}

fn midnight(date: Date) -> Option<Time> {
    let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Time(zoned.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_months_that_touch() {
        let months = months(Time(1_798_000_000_000), 3);
        let names: Vec<_> = months.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["clicks_2026_12", "clicks_2027_01", "clicks_2027_02"]);
        assert_eq!(months[0].2, months[1].1);
        assert_eq!(months[1].1.iso_date(), "2027-01-01");
    }
}
