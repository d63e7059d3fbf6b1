//! The short lists of the overview.

use crate::{
    components::{card::Card, channels::ChannelBars, empty::Empty, icon::Symbol, table::Table},
    domain::time::Time,
    pages::admin::overview::metrics::REFRESH_ON,
    text::texts,
    view_models::{
        overview::{EndingCode, LatestReferral, TopCode, TopReferrer, Totals},
        statistics::ChannelClicks,
    },
};
use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};

fn nothing(symbol: Symbol, title: String, note: String) -> impl IntoView {
    view! {
        <Empty symbol=symbol title=title>
            {note}
        </Empty>
    }
}

/// Who joined last, and through whom.
#[component]
pub fn LatestReferrals(rows: Vec<LatestReferral>, now: Time) -> impl IntoView {
    let texts = texts();
    let content = if rows.is_empty() {
        Either::Left(nothing(Symbol::Person, texts.overview_latest_none(), texts.overview_latest_none_note()))
    } else {
        let rows = rows.into_iter().map(|row| view! { <Latest row=row now=now /> }).collect_view();
        Either::Right(view! {
            <ul class="lines">{rows}</ul>
            <p>
                <a href="/admin/referrals">{texts.overview_latest_all()}</a>
            </p>
        })
    };
    view! {
        <Card id="latest" title=texts.overview_latest() refresh_on=REFRESH_ON>
            {content}
        </Card>
    }
}

#[component]
fn Latest(row: LatestReferral, now: Time) -> impl IntoView {
    let texts = texts();
    let LatestReferral { referee_id, referee_name, code, code_id, referrer_id, referrer_name, signed_up_at } = row;
    let friend = if referee_name.is_empty() { texts.overview_account_gone() } else { referee_name };
    let named = if referrer_name.is_empty() { code } else { referrer_name };
    let through = match (referrer_id, code_id) {
        (Some(id), _) => EitherOf3::A(view! { <a href=format!("/admin/users/{id}")>{named}</a> }),
        (None, Some(id)) => EitherOf3::B(view! { <a href=format!("/admin/codes/{id}")>{named}</a> }),
        (None, None) => EitherOf3::C(named),
    };
    view! {
        <li>
            <span>
                <a href=format!("/admin/referrals/{referee_id}")>{friend}</a>
                " "
                <span class="note">{texts.overview_through()}</span>
                " "
                {through}
            </span>
            <time class="note" datetime=signed_up_at.rfc_3339() title=texts.moment(signed_up_at)>
                {texts.ago(signed_up_at, now)}
            </time>
        </li>
    }
}

/// Who brought most.
#[component]
pub fn TopReferrers(rows: Vec<TopReferrer>) -> impl IntoView {
    let texts = texts();
    let content = if rows.is_empty() {
        Either::Left(nothing(Symbol::Person, texts.overview_referrers_none(), texts.overview_referrers_none_note()))
    } else {
        let columns =
            vec![(texts.overview_referrer(), false), (texts.number_sign_ups(), true), (texts.number_customers(), true)];
        let rows = rows.into_iter().map(|TopReferrer { id, username, signups, conversions }| {
            view! {
                <tr>
                    <th scope="row">
                        <a href=format!("/admin/users/{id}")>{username}</a>
                    </th>
                    <td class="number" data-label=texts.number_sign_ups()>{texts.number(signups)}</td>
                    <td class="number" data-label=texts.number_customers()>{texts.number(conversions)}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        Either::Right(view! {
            <Table caption=texts.overview_referrers() columns=columns blocks=true>
                {rows}
            </Table>
        })
    };
    view! {
        <Card id="referrers" title=texts.overview_referrers() refresh_on=REFRESH_ON>
            {content}
        </Card>
    }
}

/// The codes that brought most.
#[component]
pub fn TopCodes(rows: Vec<TopCode>) -> impl IntoView {
    let texts = texts();
    let content = if rows.is_empty() {
        Either::Left(nothing(Symbol::Gift, texts.overview_codes_none(), texts.overview_codes_none_note()))
    } else {
        let columns = vec![
            (texts.overview_code(), false),
            (texts.number_clicks(), true),
            (texts.number_sign_ups(), true),
            (texts.number_customers(), true),
        ];
        let rows = rows.into_iter().map(|top| {
            let page = top.page();
            let TopCode { code, clicks, signups, conversions, .. } = top;
            let code = match page {
                Some(page) => Either::Left(view! { <a href=page>{code}</a> }),
                None => Either::Right(code),
            };
            view! {
                <tr>
                    <th scope="row">{code}</th>
                    <td class="number" data-label=texts.number_clicks()>{texts.number(clicks)}</td>
                    <td class="number" data-label=texts.number_sign_ups()>{texts.number(signups)}</td>
                    <td class="number" data-label=texts.number_customers()>{texts.number(conversions)}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        Either::Right(view! {
            <Table caption=texts.overview_codes() columns=columns blocks=true>
                {rows}
            </Table>
        })
    };
    view! {
        <Card id="top" title=texts.overview_codes() note=texts.overview_codes_note() refresh_on=REFRESH_ON>
            {content}
        </Card>
    }
}

/// Where clicks come from.
#[component]
pub fn Channels(rows: Vec<ChannelClicks>) -> impl IntoView {
    let texts = texts();
    let content = if rows.is_empty() {
        Either::Left(nothing(Symbol::Chart, texts.channels_none(), texts.channels_none_note()))
    } else {
        Either::Right(view! { <ChannelBars channels=rows /> })
    };
    view! {
        <Card id="channels" title=texts.channels_title() refresh_on=REFRESH_ON>
            {content}
        </Card>
    }
}

/// Codes that soon cannot be used any more.
#[component]
pub fn EndingCodes(rows: Vec<EndingCode>) -> impl IntoView {
    let texts = texts();
    let content = if rows.is_empty() {
        Either::Left(nothing(Symbol::Check, texts.overview_ending_none(), texts.overview_ending_none_note()))
    } else {
        let rows = rows.into_iter().map(|row| view! { <Ending row=row /> }).collect_view();
        Either::Right(view! { <ul class="lines">{rows}</ul> })
    };
    view! {
        <Card id="ending" title=texts.overview_ending() refresh_on=REFRESH_ON>
            {content}
        </Card>
    }
}

#[component]
fn Ending(row: EndingCode) -> impl IntoView {
    let texts = texts();
    let EndingCode { id, code, uses, max_uses, expires_at } = row;
    let used = max_uses.map(|most| texts.overview_used(texts.number(uses), texts.number(most)));
    let both = used.is_some() && expires_at.is_some();
    let expires = expires_at.map(|at| {
        view! {
            <time datetime=at.rfc_3339() title=texts.moment(at)>
                {texts.overview_expires(texts.day(at))}
            </time>
        }
    });
    view! {
        <li>
            <a href=format!("/admin/codes/{id}")>{code}</a>
            <span class="note">{used} {both.then_some(" · ")} {expires}</span>
        </li>
    }
}

/// The codes of the program in numbers.
#[component]
pub fn AllCodes(totals: Totals) -> impl IntoView {
    let texts = texts();
    let facts = [
        (texts.overview_codes_total(), totals.total_codes),
        (texts.overview_codes_active(), totals.active_codes),
        (texts.overview_codes_sign_ups(), totals.total_usage),
        (texts.overview_codes_converted(), totals.codes_with_usage),
    ];
    let facts = facts.map(|(name, number)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{texts.number(number)}</dd>
            </div>
        }
    });
    view! {
        <Card id="all-codes" title=texts.overview_all_codes() refresh_on=REFRESH_ON>
            <dl class="sums">{facts}</dl>
        </Card>
    }
}
