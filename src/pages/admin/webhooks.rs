//! The endpoints that events are sent to.

use crate::{
    components::{
        admin_layout::AdminLayout,
        button::Submit,
        card::Card,
        empty::Empty,
        form::{PostForm, Submitted},
        format::or_dash,
        icon::Symbol,
        table::Table,
        when::WhenExactly,
    },
    functions::webhooks::load_webhooks,
    pages::{
        admin::{webhook_form::Fields, webhook_parts::State},
        load,
    },
    text::texts,
    view_models::webhooks::WebhookEndpoint,
};
use leptos::{either::Either, prelude::*};

/// The address of the list.
pub const PATH: &str = "/admin/webhooks";

/// The list of endpoints and the form for a new one.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    load(load_webhooks(), |endpoints| view! { <WebhooksView endpoints=endpoints /> })
}

#[component]
fn WebhooksView(endpoints: Vec<WebhookEndpoint>) -> impl IntoView {
    let texts = texts();
    let title = texts.webhooks_title();
    // Only the form is wanted where nothing is listed yet, or where it was refused.
    let open = endpoints.is_empty() || !Submitted::by("create_webhook_endpoint").errors.is_empty();
    view! {
        <AdminLayout title=title.clone()>
            <div>
                <h1>{title}</h1>
                <p class="note">{texts.webhooks_about()}</p>
            </div>
            <Card id="endpoints" title=texts.webhooks_list()>
                <Endpoints endpoints=endpoints />
            </Card>
            <NewEndpoint open=open />
        </AdminLayout>
    }
}

#[component]
fn NewEndpoint(open: bool) -> impl IntoView {
    let texts = texts();
    let add = texts.webhooks_add();
    view! {
        <div class="single">
            <details class="card" open=open>
                <summary>{texts.webhooks_new()}</summary>
                <p class="note">{texts.webhooks_new_note()}</p>
                <PostForm name="create_webhook_endpoint" once=true>
                    <Fields />
                    <div class="actions">
                        <Submit>{add}</Submit>
                    </div>
                </PostForm>
            </details>
        </div>
    }
}

#[component]
fn Endpoints(endpoints: Vec<WebhookEndpoint>) -> impl IntoView {
    let texts = texts();
    if endpoints.is_empty() {
        let note = texts.webhooks_none_note();
        return Either::Left(view! {
            <Empty symbol=Symbol::Share title=texts.webhooks_none()>
                {note}
            </Empty>
        });
    }
    let columns = vec![
        (texts.webhooks_endpoint(), false),
        (texts.webhooks_events(), false),
        (texts.webhooks_status(), false),
        (texts.webhooks_last(), false),
        (texts.webhooks_failed_count(), true),
    ];
    Either::Right(view! {
        <Table caption=texts.webhooks_caption() columns=columns blocks=true>
            {endpoints.into_iter().map(|endpoint| view! { <Row endpoint=endpoint /> }).collect_view()}
        </Table>
    })
}

#[component]
fn Row(endpoint: WebhookEndpoint) -> impl IntoView {
    let texts = texts();
    let last = match endpoint.last_attempt_at {
        Some(at) => Either::Left(view! {
            <WhenExactly at=at />
            <span class="note">{texts.webhook_answer(endpoint.last_status, endpoint.last_problem)}</span>
        }),
        None => Either::Right(texts.webhooks_never()),
    };
    let failed = if endpoint.failed == 0 { String::new() } else { texts.number(endpoint.failed) };
    let state = endpoint.state();
    view! {
        <tr data-testid="webhook-row" data-state=state.as_str()>
            <th scope="row">
                <a href=format!("{PATH}/{}", endpoint.id) translate="no">
                    {endpoint.url}
                </a>
                <span class="note" translate="no">
                    {endpoint.description}
                </span>
            </th>
            <td data-label=texts.webhooks_events()>{texts.webhook_events(&endpoint.events)}</td>
            <td data-label=texts.webhooks_status()>
                <State state=state />
            </td>
            <td data-label=texts.webhooks_last()>{last}</td>
            <td data-label=texts.webhooks_failed_count() class="number">
                {or_dash(failed)}
            </td>
        </tr>
    }
}
