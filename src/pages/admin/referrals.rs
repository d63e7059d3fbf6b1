//! The list of sign-ups and who was credited for them.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Tone,
        badge::Badge,
        button::{Submit, Weight},
        empty::Empty,
        field::Labelled,
        format::{moment, or_dash},
        icon::Symbol,
        pager::Pager,
        select::Options,
        table::Table,
    },
    domain::{accounts::email::readable, attribution::Rule, query_string::address},
    functions::referrals::load_attributions,
    pages::{admin::query, load},
    view_models::referrals::{AttributionRow, AttributionsPage},
};
use leptos::{either::Either, prelude::*};

const STATES: [(&str, &str); 5] = [
    ("", "All"),
    ("credited", "Somebody or a code was credited"),
    ("signed-up", "Credited, not converted yet"),
    ("converted", "Converted"),
    ("not-credited", "Nothing was credited"),
];

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
    let at = |after: &str| {
        let query = [("q", &*page.q), ("state", &*page.state), ("rule", &*page.rule), ("after", after)];
        address("/admin/referrals", &query)
    };
    let first = inside.then(|| at(""));
    let next = page.next.as_ref().map(|next| at(next));
    let content = if page.rows.is_empty() {
        Either::Left(view! {
            <Empty symbol=Symbol::Person title="Nothing found">
                "No sign-up fits. An e-mail address, a username or a code must be written in full. "
                <a href="/admin/referrals">"Show all sign-ups"</a>
            </Empty>
        })
    } else {
        let columns = vec![
            ("Who signed up", false),
            ("When", false),
            ("Referrer", false),
            ("Code", false),
            ("State", false),
            ("Decided by", false),
        ];
        Either::Right(view! {
            <div class="whole">
                <Table caption="Sign-ups and who was credited for them" columns=columns>
                    {page.rows.into_iter().map(|row| view! { <Row row=row /> }).collect_view()}
                </Table>
            </div>
        })
    };
    view! {
        <AdminLayout title="Referrals">
            <h1>"Referrals"</h1>
            <Filters q=page.q.clone() state=page.state.clone() rule=page.rule.clone() />
            {content}
            <Pager first=first next=next />
        </AdminLayout>
    }
}

#[component]
fn Filters(q: String, state: String, rule: String) -> impl IntoView {
    let states = STATES.map(|(value, text)| (value.to_owned(), text.to_owned())).to_vec();
    let mut rules = vec![(String::new(), "All".to_owned())];
    rules.extend(Rule::ALL.map(|rule| (rule.as_str().to_owned(), words(rule).to_owned())));
    view! {
        <form method="get" role="search" class="filters">
            <Labelled id="q" label="E-mail, username or code">
                <input id="q" type="search" name="q" value=q autocomplete="off" autocapitalize="none" spellcheck="false" />
            </Labelled>
            <Labelled id="state" label="State">
                <select id="state" name="state" autocomplete="off">
                    <Options choices=states chosen=state />
                </select>
            </Labelled>
            <Labelled id="rule" label="Decided by">
                <select id="rule" name="rule" autocomplete="off">
                    <Options choices=rules chosen=rule />
                </select>
            </Labelled>
            <Submit weight=Weight::Plain>"Search"</Submit>
        </form>
    }
}

/// What decided, for people.
pub fn words(rule: Rule) -> &'static str {
    match rule {
        Rule::CodeInForm => "Code in the form",
        Rule::LastClick => "Last visit",
        Rule::FirstClick => "First visit",
        Rule::LinkCode => "Code of a link",
        Rule::Corrected => "Corrected by an admin",
        Rule::None => "Nothing counted",
    }
}

/// How far the referral has come.
#[component]
pub fn State(row: AttributionRow) -> impl IntoView {
    match (row.rule, row.converted_at) {
        (Rule::None, _) => view! { <Badge text="Not credited" /> },
        (_, None) => view! { <Badge tone=Tone::Warn text="Signed up" /> },
        (_, Some(_)) => view! { <Badge tone=Tone::Good text="Converted" /> },
    }
}

/// The referrer, with a link while there is an account.
#[component]
pub fn Referrer(id: Option<crate::domain::ids::UserId>, name: String) -> impl IntoView {
    match id.filter(|_| !name.is_empty()) {
        Some(id) => Either::Left(view! { <a href=format!("/admin/users/{id}")>{name}</a> }),
        None => Either::Right(or_dash(name)),
    }
}

/// The name of who signed up.
pub fn name(row: &AttributionRow) -> String {
    if row.username.is_empty() { "Account deleted".to_owned() } else { row.username.clone() }
}

#[component]
fn Row(row: AttributionRow) -> impl IntoView {
    view! {
        <tr data-testid="referral-row">
            <th scope="row">
                <a href=format!("/admin/referrals/{}", row.user_id)>{name(&row)}</a>
                <span class="note">{readable(&row.email).into_owned()}</span>
            </th>
            <td>{moment(row.signed_up_at)}</td>
            <td>
                <Referrer id=row.referrer_id name=row.referrer.clone() />
            </td>
            <td>{or_dash(row.code.clone())}</td>
            <td>
                <State row=row.clone() />
            </td>
            <td>{words(row.rule)}</td>
        </tr>
    }
}
