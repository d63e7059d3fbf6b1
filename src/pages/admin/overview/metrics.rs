//! The numbers of the overview: as tiles, and over time.

use crate::{
    components::{
        chart::Metric,
        metric_tiles::{Change, Tile},
    },
    domain::money::{Currency, Money},
    pages::admin::overview::address,
    text::texts,
    view_models::{overview::Overview, statistics::RevenueByDay},
};
use std::collections::BTreeSet;

/// What the chart shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    #[default]
    Clicks,
    SignUps,
    Rate,
    Conversions,
    Revenue,
    Credit,
    NewUsers,
}

impl Shown {
    const ALL: [Self; 7] =
        [Self::Clicks, Self::SignUps, Self::Rate, Self::Conversions, Self::Revenue, Self::Credit, Self::NewUsers];

    /// What has this name in an address; else clicks.
    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|shown| shown.as_str() == name).unwrap_or_default()
    }

    /// Its name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clicks => "clicks",
            Self::SignUps => "signups",
            Self::Rate => "rate",
            Self::Conversions => "conversions",
            Self::Revenue => "revenue",
            Self::Credit => "rewards",
            Self::NewUsers => "users",
        }
    }

    /// Its name for people.
    pub fn name(self) -> String {
        let texts = texts();
        match self {
            Self::Clicks => texts.number_clicks(),
            Self::SignUps => texts.number_sign_ups(),
            Self::Rate => texts.number_rate(),
            Self::Conversions => texts.number_customers(),
            Self::Revenue => texts.number_revenue(),
            Self::Credit => texts.number_credit(),
            Self::NewUsers => texts.number_new_users(),
        }
    }
}

/// All numbers of the period, each with how it has changed.
pub fn tiles(data: &Overview, chosen: Shown) -> Vec<Tile> {
    Shown::ALL.map(|shown| tile(data, shown, shown == chosen)).into()
}

fn tile(data: &Overview, shown: Shown, chosen: bool) -> Tile {
    let texts = texts();
    let (now, before, cached) = (&data.counts, data.before.as_ref(), &data.cached);
    let sum = |values: &[i64]| values.iter().sum::<i64>();
    let count = |now: &[i64], before: Option<&[i64]>| {
        let change = before.map(|before| Change::of_count(&texts, sum(now), sum(before)));
        (texts.number(sum(now)), change)
    };
    let money = |now: &[RevenueByDay], before: Option<&[RevenueByDay]>| {
        // Several currencies are not added up.
        let change = before.and_then(|before| match (now, before) {
            (_, []) => Some(None),
            ([], [before]) => Some(Change::of_ratio(&texts, (0, 1), (sum(&before.amounts), 1))),
            ([now], [before]) if now.currency == before.currency => {
                Some(Change::of_ratio(&texts, (sum(&now.amounts), 1), (sum(&before.amounts), 1)))
            }
            _ => None,
        });
        (texts.amounts(&totals(now)), change)
    };
    let (value, change) = match shown {
        Shown::Clicks => count(&now.clicks, before.map(|before| &*before.clicks)),
        Shown::SignUps => count(&now.signups, before.map(|before| &*before.signups)),
        Shown::Rate => {
            let rate = (sum(&now.signups), sum(&now.clicks));
            let was = before.map(|before| (sum(&before.signups), sum(&before.clicks)));
            (texts.percent(rate.0, rate.1), was.map(|was| Change::of_ratio(&texts, rate, was)))
        }
        Shown::Conversions => count(&now.conversions, before.map(|before| &*before.conversions)),
        Shown::Revenue => money(&now.revenue, before.map(|before| &*before.revenue)),
        Shown::Credit => money(&cached.rewards, before.map(|_| &*cached.rewards_before)),
        Shown::NewUsers => count(&cached.new_users, before.map(|_| &*cached.new_users_before)),
    };
    Tile { label: shown.name(), value, change, href: address(data.period, shown), chosen }
}

fn totals(amounts: &[RevenueByDay]) -> Vec<Money> {
    let total = |of: &RevenueByDay| Money { amount: of.amounts.iter().sum(), currency: of.currency };
    amounts.iter().map(total).filter(|money| money.amount != 0).collect()
}

/// What is chosen, over time: several for several currencies.
pub fn drawn(data: &Overview, shown: Shown) -> Vec<Metric> {
    let (now, before, cached) = (&data.counts, data.before.as_ref(), &data.cached);
    let count = |now: &[i64], before: Option<&[i64]>| {
        let metric = Metric::counts(shown.name(), now);
        vec![match before {
            Some(before) => metric.compared_with(Metric::counts(shown.name(), before)),
            None => metric,
        }]
    };
    match shown {
        Shown::Clicks => count(&now.clicks, before.map(|before| &*before.clicks)),
        Shown::SignUps => count(&now.signups, before.map(|before| &*before.signups)),
        Shown::Conversions => count(&now.conversions, before.map(|before| &*before.conversions)),
        Shown::NewUsers => count(&cached.new_users, before.map(|_| &*cached.new_users_before)),
        Shown::Rate => {
            let metric = Metric::rates(shown.name(), &now.signups, &now.clicks);
            vec![match before {
                Some(before) => metric.compared_with(Metric::rates(shown.name(), &before.signups, &before.clicks)),
                None => metric,
            }]
        }
        Shown::Revenue => money(shown, &now.revenue, before.map(|before| &*before.revenue), data.timeline.steps),
        Shown::Credit => money(shown, &cached.rewards, before.map(|_| &*cached.rewards_before), data.timeline.steps),
    }
}

/// Each currency by itself, also where only one of the periods has it.
fn money(shown: Shown, now: &[RevenueByDay], before: Option<&[RevenueByDay]>, steps: i64) -> Vec<Metric> {
    let nothing = vec![0; steps as usize];
    let currencies: BTreeSet<Currency> =
        now.iter().chain(before.unwrap_or_default()).map(|revenue| revenue.currency).collect();
    let metric = |all: &[RevenueByDay], currency: Currency| {
        let found = all.iter().find(|revenue| revenue.currency == currency);
        Metric::money(&shown.name(), currency, found.map_or(&nothing, |revenue| &revenue.amounts))
    };
    let compared = |currency| match before {
        Some(before) => metric(now, currency).compared_with(metric(before, currency)),
        None => metric(now, currency),
    };
    currencies.into_iter().map(compared).collect()
}
