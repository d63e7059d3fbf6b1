//! What happened day by day.

use crate::{
    components::{
        card::Card,
        channels::ChannelBars,
        chart::{Chart, ChartScript, Metric},
        empty::Empty,
        icon::Symbol,
    },
    pages::query,
    text::texts,
    view_models::{
        overview::Timeline,
        statistics::{ChannelClicks, DayCounts, RevenueByDay},
    },
};
use leptos::{either::Either, prelude::*};

/// The names of what a chart can show in addresses: `?metric=`.
const METRICS: [&str; 3] = ["clicks", "signups", "conversions"];

/// A card with clicks, sign-ups or conversions by day, whichever the address asks for, and the clicks by channel.
#[component]
pub fn Activity(
    #[prop(into)] title: String,
    /// Said where nothing happened.
    #[prop(into)]
    quiet: String,
    days: Vec<DayCounts>,
    /// The clicks of these days, the busiest channel first.
    channels: Vec<ChannelClicks>,
    /// What it is kept up to date with.
    #[prop(into)]
    refresh_on: String,
) -> impl IntoView {
    let texts = texts();
    let of = |name, number: fn(&DayCounts) -> i64| Metric::counts(name, &days.iter().map(number).collect::<Vec<_>>());
    let mut metrics = vec![
        of(texts.number_clicks(), |day| day.clicks),
        of(texts.number_sign_ups(), |day| day.signups),
        of(texts.number_conversions(), |day| day.conversions),
    ];
    let content = if metrics.iter().all(Metric::is_empty) {
        Either::Left(view! {
            <Empty symbol=Symbol::Chart title=texts.chart_quiet()>
                {quiet}
            </Empty>
        })
    } else {
        let wanted = query("metric");
        let chosen = METRICS.iter().position(|name| *name == wanted).unwrap_or_default();
        let names = metrics.iter().map(|metric| metric.name.clone()).collect();
        let metric = metrics.remove(chosen);
        Either::Right(view! {
            <Choice names=names chosen=chosen />
            <Chart timeline=timeline(&days) metric=metric others=metrics />
            {(!channels.is_empty()).then(|| view! {
                <h3>{texts.channels_title()}</h3>
                <ChannelBars channels=channels />
            })}
        })
    };
    view! {
        <Card id="activity" title=title class="activity" refresh_on=refresh_on>
            {content}
        </Card>
        <ChartScript />
    }
}

#[component]
fn Choice(names: Vec<String>, chosen: usize) -> impl IntoView {
    let links = METRICS.into_iter().zip(names).enumerate().map(|(place, (metric, name))| {
        view! {
            <li>
                <a href=format!("?metric={metric}#activity") aria-current=(place == chosen).then_some("true")>
                    {name}
                </a>
            </li>
        }
    });
    view! {
        <nav aria-label=texts().chart_choice()>
            <ul>{links.collect_view()}</ul>
        </nav>
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
    let timeline = timeline(&days);
    (!revenue.is_empty()).then(|| {
        let name = texts().number_revenue();
        let charts = revenue.into_iter().map(|RevenueByDay { currency, amounts }| {
            view! { <Chart timeline=timeline metric=Metric::money(&name, currency, &amounts) /> }
        });
        let charts = charts.collect_view();
        view! {
            <Card id="revenue" title=texts().number_revenue() class="activity" refresh_on=refresh_on>
                {charts}
            </Card>
        }
    })
}

fn timeline(days: &[DayCounts]) -> Timeline {
    Timeline::of_days(days.first().map(|day| day.start).unwrap_or_default(), days.len() as i64)
}
