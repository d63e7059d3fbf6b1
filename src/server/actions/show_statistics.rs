//! The numbers of the whole program. What takes long to count is counted in the background, and shown with its age.

use super::{
    super::{state::Server, store::overview},
    show_dashboard::every_day,
};
use crate::{
    error::AppError,
    functions::administration::{Period, Statistics, TopCode},
};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Codes in the list of the best.
const TOP: i64 = 10;

/// Who looks waits for what is counted faster than this.
const FAST: Duration = Duration::from_millis(20);

/// Numbers are still news for so many times as long as it took to count them.
const NEWS: u32 = 10;

/// Counting in the background may take one part in so many of all time.
const SHARE: u32 = 50;

/// What was counted last, by the days of its period.
#[derive(Default)]
pub struct Counted(Mutex<HashMap<i64, Count>>);

#[derive(Clone)]
struct Count {
    statistics: Statistics,
    at: Instant,
    took: Duration,
    /// Whether it is being counted anew.
    running: bool,
}

impl Counted {
    fn lock(&self) -> MutexGuard<'_, HashMap<i64, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub async fn run(server: &Server, days: i64) -> Result<Statistics, AppError> {
    let period = if matches!(days, 7 | 30 | 90) { days } else { 30 };
    let Some(last) = server.counted.lock().get(&period).cloned() else { return count(server, period).await };
    if last.at.elapsed() <= last.took * NEWS {
        return Ok(last.statistics);
    }
    if last.took <= FAST {
        return count(server, period).await;
    }
    if !last.running && last.at.elapsed() > last.took * SHARE {
        if let Some(count) = server.counted.lock().get_mut(&period) {
            count.running = true;
        }
        let server = server.clone();
        tokio::spawn(async move {
            if let Err(error) = count(&server, period).await {
                tracing::error!(%error, "the statistics could not be counted");
                if let Some(count) = server.counted.lock().get_mut(&period) {
                    count.running = false;
                }
            }
        });
    }
    Ok(last.statistics)
}

async fn count(server: &Server, period_days: i64) -> Result<Statistics, AppError> {
    let (begun, now) = (Instant::now(), server.clock.now());
    let first = now.day() - period_days + 1;
    let mut tx = server.db.read().await?;
    let totals = overview::totals(&mut tx, now).await?;
    let days = overview::days(&mut tx, first).await?;
    let period = overview::period(&mut tx, first).await?;
    let top = overview::top_codes(&mut tx, first, TOP).await?;
    let statistics = Statistics {
        total_codes: totals.total_codes,
        active_codes: totals.active_codes,
        total_usage: totals.total_usage,
        codes_with_usage: totals.codes_with_usage,
        users: totals.users,
        period_days,
        period: Period {
            clicks: period.clicks,
            signups: period.signups,
            codes_with_usage: period.codes_with_usage,
            new_codes: period.new_codes,
            new_users: period.new_users,
        },
        days: every_day(now, period_days, days),
        counted_at: now,
        top: top.into_iter().map(with_page).collect(),
    };
    let at = Instant::now();
    let count = Count { statistics: statistics.clone(), at, took: at - begun, running: false };
    server.counted.lock().insert(period_days, count);
    Ok(statistics)
}

/// A campaign code has a page of its own, a personal one stands on its owner's.
fn with_page(top: overview::TopCode) -> TopCode {
    let overview::TopCode { id, code, personal, owner_id, deleted, clicks, signups } = top;
    let page = if personal {
        owner_id.map(|owner| format!("/admin/users/{owner}"))
    } else {
        (!deleted).then(|| format!("/admin/codes/{id}"))
    };
    TopCode { code, page, clicks, signups }
}
