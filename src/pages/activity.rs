//! What happened day by day.

use crate::{
    components::{
        card::Card,
        chart::{DayChart, Series, Unit},
        empty::Empty,
        icon::Symbol,
    },
    domain::time::Time,
    text::texts,
    view_models::statistics::{DayCounts, RevenueByDay},
};
use leptos::{either::Either, prelude::*};

/// A card with clicks, sign-ups and conversions by day.
#[component]
pub fn Activity(
    #[prop(into)] title: String,
    /// Said where nothing happened.
    #[prop(into)]
    quiet: String,
    days: Vec<DayCounts>,
    /// What it is kept up to date with.
    #[prop(into)]
    refresh_on: String,
) -> impl IntoView {
    let series = |unit, value: fn(&DayCounts) -> i64| Series { unit, values: days.iter().map(value).collect() };
    let series = [
        series(Unit::Clicks, |day| day.clicks),
        series(Unit::SignUps, |day| day.signups),
        series(Unit::Conversions, |day| day.conversions),
    ];
    let content = if series.iter().all(|series| series.values.iter().all(|value| *value == 0)) {
        Either::Left(view! {
            <Empty symbol=Symbol::Chart title="Quiet so far">
                {quiet}
            </Empty>
        })
    } else {
        Either::Right(view! { <DayChart first=first_day(&days) series=series.into() /> })
    };
    view! {
        <Card id="activity" title=title class="activity" refresh_on=refresh_on>
            {content}
        </Card>
    }
}

/// A card with revenue by day, a chart for each currency; nothing where nobody has paid.
#[component]
pub fn Revenue(
    days: Vec<DayCounts>,
    revenue: Vec<RevenueByDay>,
    /// What it is kept up to date with.
    #[prop(into)]
    refresh_on: String,
) -> impl IntoView {
    let first = first_day(&days);
    (!revenue.is_empty()).then(|| {
        let chart = move |RevenueByDay { currency, amounts }| {
            view! { <DayChart first=first series=vec![Series { unit: Unit::Money(currency), values: amounts }] /> }
        };
        view! {
            <Card id="revenue" title=texts().number_revenue() class="activity" refresh_on=refresh_on>
                {revenue.into_iter().map(chart).collect_view()}
            </Card>
        }
    })
}

fn first_day(days: &[DayCounts]) -> Time {
    days.first().map(|day| day.start).unwrap_or_default()
}
