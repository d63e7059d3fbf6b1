//! The numbers of the whole program.

use crate::{
    components::{
        admin_layout::AdminLayout,
        card::Card,
        empty::Empty,
        format::{grouped, moment, percent},
        icon::Symbol,
        stat::{Amounts, Stat},
        table::Table,
    },
    domain::money::Money,
    functions::statistics::load_statistics,
    pages::{
        activity::{Activity, Revenue},
        admin::number,
        load,
    },
    text::texts,
    view_models::statistics::{NewInPeriod, PeriodCounts, Statistics, TopCode},
};
use leptos::{either::Either, prelude::*};

/// The periods to choose from, in days.
const PERIODS: [(i64, &str, &str); 3] =
    [(7, "7 days", "Last 7 days"), (30, "30 days", "Last 30 days"), (90, "90 days", "Last 90 days")];

/// What its numbers follow: any code that moved.
const REFRESH_ON: &str = "codes";

/// The statistics page. `days` in its address is the period.
#[component]
pub fn StatisticsPage() -> impl IntoView {
    load(load_statistics(number("days")), |data| view! { <StatisticsView data=data /> })
}

#[component]
fn StatisticsView(data: Statistics) -> impl IntoView {
    let period = PERIODS.iter().find(|(days, ..)| *days == data.period_days);
    let totals = data.cached.totals;
    let title = period.map_or("This period", |(.., title)| title);
    view! {
        <AdminLayout title="Statistics">
            <h1>"Statistics"</h1>
            <section class="numbers tiles" aria-label="All time" data-refresh-on=REFRESH_ON>
                <dl>
                    <Number label="Codes" note="made in all" number=totals.total_codes />
                    <Number label="Active codes" note="can be used now" number=totals.active_codes />
                    <Number label="Usage" note="sign-ups with a code" number=totals.total_usage />
                    <Number label="Codes with usage" note="brought somebody" number=totals.codes_with_usage />
                    <Number label="Users" note="have an account" number=totals.users />
                </dl>
            </section>
            <div class="heading">
                <h2>"Over time"</h2>
                <Periods chosen=data.period_days />
            </div>
            <PeriodNumbers period=data.period new=data.cached.new revenue=data.revenue />
            <Activity
                title=title
                quiet="Clicks and sign-ups of this period show up here."
                days=data.days.clone()
                refresh_on=REFRESH_ON
            />
            <Revenue days=data.days revenue=data.revenue_by_day refresh_on=REFRESH_ON />
            <Top rows=data.cached.top />
            <p class="note" data-refresh-on=REFRESH_ON>{texts().number_ages(moment(data.cached.counted_at))}</p>
        </AdminLayout>
    }
}

#[component]
fn PeriodNumbers(period: PeriodCounts, new: NewInPeriod, revenue: Vec<Money>) -> impl IntoView {
    let texts = texts();
    let (conversions_note, revenue_note) = (texts.number_conversions_note(), texts.number_revenue_note());
    view! {
        <section class="numbers tiles" aria-label="Numbers of this period" data-refresh-on=REFRESH_ON>
            <dl>
                <Number label="Clicks" note="visits by a link" number=period.clicks />
                <Number label="Sign-ups" note="with a code" number=period.signups />
                <Stat label="Sign-up rate" note=|| "of clicks became sign-ups">
                    {percent(period.signups, period.clicks)}
                </Stat>
                <Stat label=texts.number_conversions() note=move || conversions_note>
                    {grouped(period.conversions)}
                </Stat>
                <Stat label=texts.number_revenue() note=move || revenue_note>
                    <Amounts money=revenue />
                </Stat>
                <Number label="Codes used" note="brought somebody" number=new.codes_with_usage />
                <Number label="New codes" note="made in this period" number=new.codes />
                <Number label="New users" note="joined in this period" number=new.users />
            </dl>
        </section>
    }
}

#[component]
fn Number(label: &'static str, note: &'static str, number: i64) -> impl IntoView {
    view! {
        <Stat label=label note=move || note>
            {grouped(number)}
        </Stat>
    }
}

#[component]
fn Periods(chosen: i64) -> impl IntoView {
    let link = |(days, text, _): (i64, &'static str, &'static str)| {
        view! {
            <li>
                <a href=format!("/admin?days={days}") aria-current=(days == chosen).then_some("true")>
                    {text}
                </a>
            </li>
        }
    };
    view! {
        <nav aria-label="Period">
            <ul>{PERIODS.map(link)}</ul>
        </nav>
    }
}

#[component]
fn Top(rows: Vec<TopCode>) -> impl IntoView {
    let content = if rows.is_empty() {
        Either::Left(view! {
            <Empty symbol=Symbol::Gift title="No code was used yet">
                "The codes with most sign-ups stand here."
            </Empty>
        })
    } else {
        let columns = vec![
            ("Code".to_owned(), false),
            ("Clicks".to_owned(), true),
            ("Sign-ups".to_owned(), true),
            ("Sign-up rate".to_owned(), true),
            (texts().number_conversions(), true),
        ];
        let row = |top: TopCode| {
            let page = top.page();
            let TopCode { code, clicks, signups, conversions, .. } = top;
            let code = match page {
                Some(page) => Either::Left(view! { <a href=page>{code}</a> }),
                None => Either::Right(code),
            };
            view! {
                <tr>
                    <th scope="row">{code}</th>
                    <td class="number">{grouped(clicks)}</td>
                    <td class="number">{grouped(signups)}</td>
                    <td class="number">{percent(signups, clicks)}</td>
                    <td class="number">{grouped(conversions)}</td>
                </tr>
            }
        };
        Either::Right(view! {
            <div class="whole">
            <Table caption="Codes with most sign-ups" columns=columns>
                {rows.into_iter().map(row).collect_view()}
            </Table>
            </div>
        })
    };
    view! {
        <Card id="top" title="Top codes" refresh_on=REFRESH_ON>
            {content}
        </Card>
    }
}
