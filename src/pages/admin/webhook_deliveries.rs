//! The deliveries of an endpoint.

use crate::{
    components::{
        button::{Submit, Weight},
        card::Card,
        empty::Empty,
        field::Labelled,
        icon::Symbol,
        pager::Pager,
        select::Options,
        table::Table,
        when::WhenExactly,
    },
    domain::{ids::WebhookEndpointId, query_string::address, webhooks::delivery::DeliveryState},
    pages::admin::{webhook_parts::Progress, webhooks::PATH},
    text::texts,
    view_models::webhooks::WebhookDelivery,
};
use leptos::{either::Either, prelude::*};

/// A page of them that begins at `after`, of one `state` or of all.
#[component]
pub fn Deliveries(
    id: WebhookEndpointId,
    state: String,
    after: String,
    deliveries: Vec<WebhookDelivery>,
    next: Option<String>,
) -> impl IntoView {
    let texts = texts();
    let path = format!("{PATH}/{id}");
    let page = |after: &str| address(&path, &[("state", &state), ("after", after)]);
    let first = (!after.is_empty()).then(|| page(""));
    let next = next.as_ref().map(|next| page(next));
    let all = state.is_empty() && after.is_empty();
    let filter = (!deliveries.is_empty() || !all).then(|| view! { <Filter state=state.clone() /> });
    let content = match deliveries.is_empty() {
        true => Either::Left(view! { <NoRows all=all path=path.clone() /> }),
        false => Either::Right(view! { <Rows deliveries=deliveries /> }),
    };
    view! {
        <Card id="deliveries" title=texts.webhooks_deliveries() note=texts.webhooks_deliveries_note()>
            {filter}
            {content}
            <Pager first=first next=next />
        </Card>
    }
}

#[component]
fn Filter(state: String) -> impl IntoView {
    let texts = texts();
    let mut states = vec![(String::new(), texts.webhooks_any())];
    states.extend(
        DeliveryState::ALL.iter().map(|state| (state.as_str().to_owned(), texts.webhook_delivery_state(*state))),
    );
    view! {
        <form method="get" role="search" class="filters">
            <Labelled id="state" label=texts.webhooks_status()>
                <select id="state" name="state" autocomplete="off">
                    <Options choices=states chosen=state />
                </select>
            </Labelled>
            <Submit weight=Weight::Plain>{texts.webhooks_deliveries_filter()}</Submit>
        </form>
    }
}

/// Leads on from a list without rows: `all` when there is no delivery at all.
#[component]
fn NoRows(all: bool, path: String) -> impl IntoView {
    let texts = texts();
    let title = if all { texts.webhooks_deliveries_none() } else { texts.webhooks_deliveries_none_found() };
    let content = match all {
        true => Either::Left(texts.webhooks_deliveries_none_note()),
        false => Either::Right(view! { <a href=path>{texts.webhooks_deliveries_all()}</a> }),
    };
    view! {
        <Empty symbol=Symbol::Share title=title>
            {content}
        </Empty>
    }
}

#[component]
fn Rows(deliveries: Vec<WebhookDelivery>) -> impl IntoView {
    let texts = texts();
    let columns = vec![
        (texts.webhooks_event(), false),
        (texts.webhooks_status(), false),
        (texts.webhooks_tries(), true),
        (texts.webhooks_time(), false),
    ];
    view! {
        <Table caption=texts.webhooks_deliveries() columns=columns blocks=true>
            {deliveries.into_iter().map(|delivery| view! { <Row delivery=delivery /> }).collect_view()}
        </Table>
    }
}

#[component]
fn Row(delivery: WebhookDelivery) -> impl IntoView {
    let texts = texts();
    let event =
        delivery.event_id.map(|id| view! { <span class="note">{texts.webhooks_event_number(id.to_string())}</span> });
    let answer = texts.webhook_answer(delivery.last_status, delivery.last_problem);
    view! {
        <tr data-testid="webhook-delivery" data-state=delivery.state.as_str()>
            <th scope="row">
                <a href=format!("{PATH}/deliveries/{}", delivery.id)>
                    <code>{delivery.kind}</code>
                </a>
                {event}
            </th>
            <td data-label=texts.webhooks_status()>
                <Progress state=delivery.state />
                " "
                <span class="note">{answer}</span>
            </td>
            <td data-label=texts.webhooks_tries() class="number">
                {texts.number(delivery.attempts)}
            </td>
            <td data-label=texts.webhooks_time()>
                <WhenExactly at=delivery.created_at />
            </td>
        </tr>
    }
}
