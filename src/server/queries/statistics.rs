//! Numbers day by day, as charts need them.

use crate::{
    domain::{
        money::Currency,
        time::{DAY, Time},
    },
    server::store::revenue_days::DayRevenue,
    view_models::{
        overview::Timeline,
        statistics::{DayCounts, RevenueByDay},
    },
};
use std::collections::{BTreeMap, HashMap};

/// The last `count` days, oldest first, with zeros where nothing happened.
pub fn every_day(now: Time, count: i64, days: Vec<DayCounts>) -> Vec<DayCounts> {
    let known: HashMap<i64, DayCounts> = days.into_iter().map(|day| (day.start.day(), day)).collect();
    let nothing = |day| DayCounts { start: Time(day * DAY), clicks: 0, signups: 0, conversions: 0 };
    (now.day() - count + 1..=now.day()).map(|day| known.get(&day).copied().unwrap_or(nothing(day))).collect()
}

/// Revenue of the last `count` days in each currency, with zeros where nothing was paid.
pub fn by_currency(now: Time, count: i64, revenue: Vec<DayRevenue>) -> Vec<RevenueByDay> {
    by_step(&Timeline::of_days(Time((now.day() - count + 1) * DAY), count), &revenue)
}

/// Amounts of days in each currency as sums of a timeline's steps; currencies without any are left out.
pub fn by_step(timeline: &Timeline, amounts: &[DayRevenue]) -> Vec<RevenueByDay> {
    let mut currencies: BTreeMap<Currency, Vec<(i64, i64)>> = BTreeMap::new();
    for DayRevenue { day, money } in amounts {
        currencies.entry(money.currency).or_default().push((*day, money.amount));
    }
    let spread = |(currency, days)| RevenueByDay { currency, amounts: timeline.spread(days) };
    let used = |revenue: &RevenueByDay| revenue.amounts.iter().any(|amount| *amount != 0);
    currencies.into_iter().map(spread).filter(used).collect()
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
