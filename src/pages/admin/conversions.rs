//! The list of payments.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Tone,
        badge::Badge,
        button::{LinkButton, Submit, Weight},
        csv::Csv,
        empty::Empty,
        field::Labelled,
        icon::Symbol,
        pager::Pager,
        select::Options,
        table::Table,
    },
    domain::{conversions::standing::PaymentState, money::Money, query_string::address},
    functions::conversions::load_conversions,
    pages::{
        admin::{query, reward_parts::Day},
        load,
    },
    text::texts,
    view_models::conversions::{Conversion, ConversionRow, ConversionsPage as Data},
};
use leptos::{either::Either, prelude::*};

/// The address of the list.
pub const PATH: &str = "/admin/conversions";

/// The list of payments. `person` and `state` in its address are the filter, `after` where it begins.
#[component]
pub fn ConversionsPage() -> impl IntoView {
    let after = query("after");
    let inside = !after.is_empty();
    let page = load_conversions(query("person"), query("state"), after);
    load(page, move |page| view! { <ConversionsView page=page inside=inside /> })
}

#[component]
fn ConversionsView(page: Data, inside: bool) -> impl IntoView {
    let texts = texts();
    let at = |after: &str| address(PATH, &[("person", &*page.person), ("state", &*page.state), ("after", after)]);
    let first = inside.then(|| at(""));
    let next = page.next.as_ref().map(|next| at(next));
    let csv = (!page.rows.is_empty())
        .then(|| address("/admin/conversions.csv", &[("person", &*page.person), ("state", &*page.state)]));
    let all = !inside && page.person.trim().is_empty() && page.state.is_empty();
    let content = if page.rows.is_empty() {
        Either::Left(view! { <NoRows all=all /> })
    } else {
        let columns = vec![
            (texts.conversions_when(), false),
            (texts.conversions_payer(), false),
            (texts.conversions_amount(), true),
            (texts.conversions_refunded(), true),
            (texts.conversions_source(), false),
            (texts.conversions_state(), false),
        ];
        Either::Right(view! {
            <div class="whole">
                <Table caption=texts.conversions_caption() columns=columns blocks=true>
                    {page.rows.into_iter().map(|row| view! { <Row row=row /> }).collect_view()}
                </Table>
            </div>
        })
    };
    view! {
        <AdminLayout title=texts.conversions_title()>
            <div class="heading">
                <h1>{texts.conversions_title()}</h1>
                <LinkButton href="/admin/conversions/new">{texts.conversions_add()}</LinkButton>
            </div>
            <Filters person=page.person.clone() state=page.state.clone() />
            {content}
            <Pager first=first next=next />
            <Csv href=csv />
        </AdminLayout>
    }
}

#[component]
fn Filters(person: String, state: String) -> impl IntoView {
    let texts = texts();
    let mut states = vec![(String::new(), texts.conversions_all())];
    states.extend(PaymentState::ALL.map(|state| (state.as_str().to_owned(), texts.payment_state(state))));
    view! {
        <form method="get" role="search" class="filters">
            <Labelled id="person" label=texts.conversion_person()>
                <input
                    id="person"
                    type="search"
                    name="person"
                    value=person
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                />
            </Labelled>
            <Labelled id="state" label=texts.conversions_state()>
                <select id="state" name="state" autocomplete="off">
                    <Options choices=states chosen=state />
                </select>
            </Labelled>
            <Submit weight=Weight::Plain>{texts.conversions_search()}</Submit>
        </form>
    }
}

/// Leads on from a list without rows: `all` when there is no payment at all.
#[component]
fn NoRows(all: bool) -> impl IntoView {
    let texts = texts();
    let (title, note, href, link) = if all {
        (
            texts.conversions_none(),
            texts.conversions_none_note(),
            "/admin/conversions/new",
            texts.conversions_add_first(),
        )
    } else {
        (texts.conversions_nothing_found(), texts.conversions_nothing_found_note(), PATH, texts.conversions_show_all())
    };
    view! {
        <Empty symbol=Symbol::Chart title=title>
            {note}
            " "
            <a href=href>{link}</a>
        </Empty>
    }
}

#[component]
fn Row(row: ConversionRow) -> impl IntoView {
    let ConversionRow { payment, payer } = row;
    let texts = texts();
    view! {
        <tr data-testid="payment-row">
            <th scope="row">
                <a href=format!("{PATH}/{}", payment.id)>
                    <Day at=payment.occurred_at />
                </a>
            </th>
            <td data-label=texts.conversions_payer()>
                <Payer payment=payment.clone() name=payer />
            </td>
            <td data-label=texts.conversions_amount() class="number">{texts.money(&payment.paid())}</td>
            <td data-label=texts.conversions_refunded() class="number">{or_nothing(payment.refund())}</td>
            <td data-label=texts.conversions_source()>{texts.payment_source(payment.source)}</td>
            <td data-label=texts.conversions_state()>
                <State payment=payment />
            </td>
        </tr>
    }
}

/// An amount, or a dash for nothing.
pub fn or_nothing(money: Money) -> String {
    if money.amount == 0 { "–".into() } else { texts().money(&money) }
}

/// Who has paid, with a link while there is an account.
#[component]
pub fn Payer(payment: Conversion, name: String) -> impl IntoView {
    let texts = texts();
    match payment.user_id {
        Some(id) if !name.is_empty() => Either::Left(view! { <a href=format!("/admin/users/{id}")>{name}</a> }),
        Some(_) => Either::Right(texts.conversion_payer_gone()),
        None => Either::Right(texts.conversion_payer_unknown()),
    }
}

/// How a payment stands, and why it counts nowhere.
#[component]
pub fn State(payment: Conversion) -> impl IntoView {
    let texts = texts();
    let tone = match payment.state {
        PaymentState::Counted => Tone::Good,
        PaymentState::Disputed | PaymentState::Parked => Tone::Warn,
        PaymentState::Refunded => Tone::Bad,
        PaymentState::Incomplete | PaymentState::Duplicate => Tone::Neutral,
    };
    let test = (!payment.livemode).then(|| view! { <Badge text=texts.conversion_test_mode() /> });
    let reason = payment.parked_because.map(|reason| {
        view! { <span class="note">{texts.parked_reason(reason)}</span> }
    });
    view! {
        <Badge tone=tone text=texts.payment_state(payment.state) />
        " "
        {test}
        " "
        {reason}
    }
}
