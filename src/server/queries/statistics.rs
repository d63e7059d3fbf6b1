//! The numbers of the whole program. What the counters know is read each time; what takes long to count is counted once
//! a minute, and shown with its age.

use crate::{
    domain::{
        money::Currency,
        time::{DAY, MINUTE, Time},
    },
    error::AppError,
    server::{
        state::AppState,
        store::{
            program_stats, revenue,
            revenue_days::{self, DayRevenue},
        },
    },
    view_models::statistics::{CachedStatistics, DayCounts, RevenueByDay, Statistics},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::PoisonError,
};

/// Codes in the list of the best.
const TOP_CODES: i64 = 10;

/// How long counted numbers are shown.
const MAX_AGE: i64 = MINUTE;

/// The statistics of the last `days` days: 7, 30 or 90; else 30.
pub async fn run(state: &AppState, days: i64) -> Result<Statistics, AppError> {
    let period_days = if matches!(days, 7 | 30 | 90) { days } else { 30 };
    let now = state.clock.now();
    let first_day = now.day() - period_days + 1;
    let cached = cached(state, period_days, first_day, now).await?;
    let mut tx = state.db.read().await?;
    Ok(Statistics {
        period_days,
        period: program_stats::counts_since(&mut tx, first_day).await?,
        revenue: revenue::since(&mut tx, first_day).await?,
        days: every_day(now, period_days, program_stats::days(&mut tx, first_day).await?),
        revenue_by_day: by_currency(now, period_days, revenue_days::of_program(&mut tx, first_day).await?),
        cached,
    })
}

async fn cached(state: &AppState, period_days: i64, first_day: i64, now: Time) -> Result<CachedStatistics, AppError> {
    let known = state.statistics.lock().unwrap_or_else(PoisonError::into_inner).get(&period_days).cloned();
    if let Some(known) = known.filter(|known| (0..MAX_AGE).contains(&now.since(known.counted_at))) {
        return Ok(known);
    }
    let mut tx = state.db.read().await?;
    let counted = CachedStatistics {
        totals: program_stats::totals(&mut tx, now).await?,
        new: program_stats::new_since(&mut tx, first_day).await?,
        top: program_stats::top_codes(&mut tx, first_day, TOP_CODES).await?,
        counted_at: now,
    };
    state.statistics.lock().unwrap_or_else(PoisonError::into_inner).insert(period_days, counted.clone());
    Ok(counted)
}

/// The last `count` days, oldest first, with zeros where nothing happened.
pub fn every_day(now: Time, count: i64, days: Vec<DayCounts>) -> Vec<DayCounts> {
    let known: HashMap<i64, DayCounts> = days.into_iter().map(|day| (day.start.day(), day)).collect();
    let nothing = |day| DayCounts { start: Time(day * DAY), clicks: 0, signups: 0, conversions: 0 };
    (now.day() - count + 1..=now.day()).map(|day| known.get(&day).copied().unwrap_or(nothing(day))).collect()
}

/// Revenue of the last `count` days in each currency, with zeros where nothing was paid.
pub fn by_currency(now: Time, count: i64, revenue: Vec<DayRevenue>) -> Vec<RevenueByDay> {
    let first = now.day() - count + 1;
    let mut currencies: BTreeMap<Currency, Vec<i64>> = BTreeMap::new();
    for DayRevenue { day, money } in revenue {
        let amounts = currencies.entry(money.currency).or_insert_with(|| vec![0; count as usize]);
        if let Some(amount) = usize::try_from(day - first).ok().and_then(|place| amounts.get_mut(place)) {
            *amount = money.amount;
        }
    }
    currencies.into_iter().map(|(currency, amounts)| RevenueByDay { currency, amounts }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_without_anything_are_zeros() {
        let known = DayCounts { start: Time(9 * DAY), clicks: 3, signups: 1, conversions: 1 };
        let days = every_day(Time(10 * DAY + 5), 3, vec![known]);
        let zeros = |day| DayCounts { start: Time(day * DAY), clicks: 0, signups: 0, conversions: 0 };
        assert_eq!(days, [zeros(8), known, zeros(10)]);
    }
}
