//! The list of sign-ups and who was credited for them.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Tone,
        badge::Badge,
        button::{Submit, Weight},
        empty::Empty,
        field::Labelled,
        format::or_dash,
        icon::Symbol,
        pager::Pager,
        select::Options,
        table::Table,
        when::When,
    },
    domain::{accounts::email::readable, attribution::Rule, ids::UserId, query_string::address},
    functions::referrals::load_attributions,
    pages::{admin::query, load},
    text::texts,
    view_models::referrals::{AttributionRow, AttributionsPage},
};
use leptos::{either::Either, prelude::*};

/// The list of decisions. `q`, `state` and `rule` in its address are the filter, `after` where it begins.
#[component]
pub fn ReferralsPage() -> impl IntoView {
    let after = query("after");
    let inside = !after.is_empty();
    let page = load_attributions(query("q"), query("state"), query("rule"), after);
    load(page, move |page| view! { <ReferralsView page=page inside=inside /> })
}

#[component]
fn ReferralsView(page: AttributionsPage, inside: bool) -> impl IntoView {
    let texts = texts();
    let at = |after: &str| {
        let query = [("q", &*page.q), ("state", &*page.state), ("rule", &*page.rule), ("after", after)];
        address("/admin/referrals", &query)
    };
    let first = inside.then(|| at(""));
    let next = page.next.as_ref().map(|next| at(next));
    let content = if page.rows.is_empty() {
        let (note, all) = (texts.referrals_none_note(), texts.referrals_show_all());
        Either::Left(view! {
            <Empty symbol=Symbol::Person title=texts.referrals_none()>
                {note}
                " "
                <a href="/admin/referrals">{all}</a>
            </Empty>
        })
    } else {
        let columns = vec![
            (texts.referrals_person(), false),
            (texts.referrals_signed_up(), false),
            (texts.referrals_referrer(), false),
            (texts.referrals_code(), false),
            (texts.referrals_state(), false),
            (texts.referrals_rule(), false),
        ];
        let rows = page.rows.into_iter().map(|row| view! { <Row row=row /> }).collect_view();
        Either::Right(view! {
            <div class="whole">
                <Table caption=texts.referrals_caption() columns=columns blocks=true>
                    {rows}
                </Table>
            </div>
        })
    };
    let title = texts.referrals_title();
    view! {
        <AdminLayout title=title.clone()>
            <h1>{title}</h1>
            <Filters q=page.q.clone() state=page.state.clone() rule=page.rule.clone() />
            {content}
            <Pager first=first next=next />
        </AdminLayout>
    }
}

#[component]
fn Filters(q: String, state: String, rule: String) -> impl IntoView {
    let texts = texts();
    let states = [
        ("", texts.referrals_all()),
        ("credited", texts.referrals_credited()),
        ("signed-up", texts.referrals_not_converted()),
        ("converted", texts.referrals_converted()),
        ("not-credited", texts.referrals_not_credited()),
    ];
    let states = states.map(|(value, text)| (value.to_owned(), text)).to_vec();
    let mut rules = vec![(String::new(), texts.referrals_all())];
    rules.extend(Rule::ALL.map(|rule| (rule.as_str().to_owned(), words(rule))));
    let search = texts.list_search();
    view! {
        <form method="get" role="search" class="filters">
            <Labelled id="q" label=texts.referrals_search()>
                <input id="q" type="search" name="q" value=q autocomplete="off" autocapitalize="none" spellcheck="false" />
            </Labelled>
            <Labelled id="state" label=texts.referrals_state()>
                <select id="state" name="state" autocomplete="off">
                    <Options choices=states chosen=state />
                </select>
            </Labelled>
            <Labelled id="rule" label=texts.referrals_rule()>
                <select id="rule" name="rule" autocomplete="off">
                    <Options choices=rules chosen=rule />
                </select>
            </Labelled>
            <Submit weight=Weight::Plain>{search}</Submit>
        </form>
    }
}

/// What decided, for people.
pub fn words(rule: Rule) -> String {
    let texts = texts();
    match rule {
        Rule::CodeInForm => texts.referrals_rule_form(),
        Rule::LastClick => texts.referrals_rule_last_click(),
        Rule::FirstClick => texts.referrals_rule_first_click(),
        Rule::LinkCode => texts.referrals_rule_link(),
        Rule::Imported => texts.referrals_rule_imported(),
        Rule::Corrected => texts.referrals_rule_corrected(),
        Rule::None => texts.referrals_rule_none(),
    }
}

/// How far a sign-up has come.
#[component]
pub fn Progress(credited: bool, converted: bool) -> impl IntoView {
    let texts = texts();
    let (tone, text) = match (credited, converted) {
        (false, _) => (Tone::Neutral, texts.referrals_not_credited()),
        (true, false) => (Tone::Warn, texts.referrals_signed_up()),
        (true, true) => (Tone::Good, texts.referrals_converted()),
    };
    view! { <Badge tone=tone text=text /> }
}

/// How far the referral has come.
#[component]
pub fn State(row: AttributionRow) -> impl IntoView {
    view! { <Progress credited=row.rule != Rule::None converted=row.converted_at.is_some() /> }
}

/// The referrer, with a link while there is an account.
#[component]
pub fn Referrer(id: Option<UserId>, name: String) -> impl IntoView {
    match id.filter(|_| !name.is_empty()) {
        Some(id) => Either::Left(view! { <a href=format!("/admin/users/{id}")>{name}</a> }),
        None => Either::Right(or_dash(name)),
    }
}

/// The code that was credited: a campaign's leads to its page, a personal one to the sign-ups with it.
#[component]
pub fn CreditedCode(row: AttributionRow, none: String) -> impl IntoView {
    match (row.campaign_id, row.code) {
        (_, code) if code.is_empty() => Either::Left(none),
        (campaign, code) => {
            let sign_ups = || address("/admin/referrals", &[("q", &*code)]);
            let page = campaign.map_or_else(sign_ups, |id| format!("/admin/codes/{id}"));
            Either::Right(view! { <a href=page>{code}</a> })
        }
    }
}

/// The name of who signed up.
pub fn name(row: &AttributionRow) -> String {
    if row.username.is_empty() { texts().referrals_account_deleted() } else { row.username.clone() }
}

#[component]
fn Row(row: AttributionRow) -> impl IntoView {
    let texts = texts();
    view! {
        <tr data-testid="referral-row">
            <th scope="row">
                <a href=format!("/admin/referrals/{}", row.user_id)>{name(&row)}</a>
                <span class="note">{readable(&row.email).into_owned()}</span>
            </th>
            <td data-label=texts.referrals_signed_up()>
                <When at=row.signed_up_at />
            </td>
            <td data-label=texts.referrals_referrer()>
                <Referrer id=row.referrer_id name=row.referrer.clone() />
            </td>
            <td data-label=texts.referrals_code()>
                <CreditedCode row=row.clone() none=or_dash(String::new()) />
            </td>
            <td data-label=texts.referrals_state()>
                <State row=row.clone() />
            </td>
            <td data-label=texts.referrals_rule()>{words(row.rule)}</td>
        </tr>
    }
}
