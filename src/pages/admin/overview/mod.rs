//! How the program goes and what waits, at a glance.

mod checklist;
mod lists;
mod metrics;

use crate::{
    components::{
        admin_layout::AdminLayout,
        card::Card,
        chart::{Chart, ChartScript},
        empty::Empty,
        icon::Symbol,
        metric_tiles::MetricTiles,
        nav::counted,
    },
    functions::overview::load_overview,
    pages::{
        admin::overview::{
            checklist::FirstSteps,
            lists::{AllCodes, Channels, EndingCodes, LatestReferrals, TopCodes, TopReferrers},
            metrics::{REFRESH_ON, Shown, address},
        },
        load, query,
    },
    text::texts,
    view_models::{
        overview::{Overview, Period},
        page::PageContext,
    },
};
use leptos::{either::Either, prelude::*};

/// The overview. `period` in its address is the period, `metric` what its chart shows.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let shown = Shown::parse(&query("metric"));
    load(load_overview(query("period")), move |data| view! { <OverviewView data=data shown=shown /> })
}

#[component]
fn OverviewView(data: Overview, shown: Shown) -> impl IntoView {
    let texts = texts();
    let Overview { period, cached, latest, checklist, now, .. } = data.clone();
    let updated = texts.overview_updated(texts.moment(cached.counted_at));
    view! {
        <AdminLayout title=texts.admin_overview()>
            <div class="heading">
                <h1>{texts.admin_overview()}</h1>
                <Periods chosen=period shown=shown />
            </div>
            <div class="needs" data-refresh-on=REFRESH_ON>
                <NeedsYou />
            </div>
            {checklist.map(|checklist| view! { <FirstSteps checklist=checklist /> })}
            <div data-refresh-on=REFRESH_ON>
                <MetricTiles label=texts.overview_numbers() tiles=metrics::tiles(&data, shown) />
            </div>
            <Graph data=data shown=shown />
            <div class="columns">
                <LatestReferrals rows=latest now=now />
                <TopReferrers rows=cached.top_referrers />
                <TopCodes rows=cached.top_codes />
                <EndingCodes rows=cached.ending_codes />
                <Channels rows=cached.channels />
                <AllCodes totals=cached.totals />
            </div>
            <p class="note" data-refresh-on=REFRESH_ON>{updated}</p>
            <ChartScript />
        </AdminLayout>
    }
}

/// What waits for the admin; nothing where nothing does.
#[component]
fn NeedsYou() -> impl IntoView {
    let waiting = expect_context::<PageContext>().waiting.filter(|waiting| !waiting.is_empty());
    waiting.map(|waiting| {
        let texts = texts();
        let all = [
            ("/admin/review", waiting.reviews, texts.overview_reviews(waiting.reviews, counted(waiting.reviews))),
            (
                "/admin/rewards?state=approval",
                waiting.approvals,
                texts.overview_approvals(waiting.approvals, counted(waiting.approvals)),
            ),
            (
                "/admin/rewards?state=failed",
                waiting.failed_deliveries,
                texts.overview_failed_deliveries(waiting.failed_deliveries, counted(waiting.failed_deliveries)),
            ),
            ("/admin/webhooks", waiting.webhooks, texts.webhooks_need_you(waiting.webhooks, counted(waiting.webhooks))),
            (
                "/admin/conversions?state=parked",
                waiting.unmatched_payments,
                texts.overview_unmatched_payments(waiting.unmatched_payments, counted(waiting.unmatched_payments)),
            ),
        ];
        let links = all.into_iter().filter(|(_, count, _)| *count > 0).map(|(href, _, text)| {
            view! {
                <li>
                    <a href=href>{text}</a>
                </li>
            }
        });
        view! {
            <div class="notice warn" data-testid="needs-you">
                <strong>{texts.overview_needs_you()}</strong>
                <ul>{links.collect_view()}</ul>
            </div>
        }
    })
}

#[component]
fn Periods(chosen: Period, shown: Shown) -> impl IntoView {
    let texts = texts();
    let links = Period::ALL.map(|period| {
        let text = match period {
            Period::Week => texts.overview_days_7(),
            Period::Month => texts.overview_days_30(),
            Period::Quarter => texts.overview_days_90(),
            Period::All => texts.overview_all(),
        };
        view! {
            <li>
                <a href=address(period, shown) aria-current=(period == chosen).then_some("true")>
                    {text}
                </a>
            </li>
        }
    });
    view! {
        <nav class="periods" aria-label=texts.overview_period()>
            <ul>{links}</ul>
        </nav>
    }
}

/// The chosen number over time, a chart for each currency.
#[component]
fn Graph(data: Overview, shown: Shown) -> impl IntoView {
    let texts = texts();
    let metrics = metrics::drawn(&data, shown);
    let content = if metrics.iter().all(|metric| metric.is_empty()) {
        let hint = match shown {
            Shown::Conversions => texts.overview_quiet_customers(),
            Shown::Revenue => texts.overview_quiet_revenue(),
            Shown::Credit => texts.overview_quiet_credit(),
            _ => texts.overview_quiet_clicks(),
        };
        Either::Left(view! {
            <Empty symbol=Symbol::Chart title=texts.chart_quiet()>
                {hint}
            </Empty>
        })
    } else {
        let charts = metrics.into_iter().map(|metric| view! { <Chart timeline=data.timeline metric=metric /> });
        Either::Right(charts.collect_view())
    };
    let period = match data.period {
        Period::Week => texts.overview_last_7(),
        Period::Month => texts.overview_last_30(),
        Period::Quarter => texts.overview_last_90(),
        Period::All => texts.overview_all_time(),
    };
    view! {
        <Card id="activity" title=shown.name() note=period class="activity" refresh_on=REFRESH_ON>
            {content}
        </Card>
    }
}
