//! One endpoint: what it gets, what became of it, and what can be done about it.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::{Alert, Notice, Tone},
        breadcrumbs::Breadcrumbs,
        button::{Submit, Weight},
        card::Card,
        form::{PostForm, Submitted},
        new_secret::NewSecret,
    },
    domain::{ids::WebhookEndpointId, webhooks::endpoint::EndpointState},
    error::AppError,
    functions::webhooks::load_webhook,
    pages::{
        admin::{
            id,
            webhook_deliveries::Deliveries,
            webhook_form::Fields,
            webhook_parts::{State, Verify, secret_words},
            webhook_steps::Steps,
            webhooks::PATH,
        },
        error::Problem,
        load, query,
    },
    text::texts,
    view_models::{webhook_pages::WebhookPage as Data, webhooks::WebhookEndpoint},
};
use leptos::{either::Either, prelude::*};

/// The endpoint whose id stands in its address. `secret` there is `new` or `rotated` for one that has just got a
/// secret, which is shown, once; `state` is the filter of its deliveries, and `after` where they begin.
#[component]
pub fn WebhookPage() -> impl IntoView {
    let Some(id) = id() else { return Either::Right(view! { <Problem error=AppError::NotFound.into() /> }) };
    let after = query("after");
    let page = load_webhook(WebhookEndpointId(id), query("state"), after.clone());
    Either::Left(load(page, move |page| view! { <WebhookView page=page after=after /> }))
}

#[component]
fn WebhookView(page: Data, after: String) -> impl IntoView {
    let texts = texts();
    let Data { endpoint, secret, state, deliveries, next } = page;
    let refused = use_context::<Submitted>();
    // Beside a refused form only what would be lost is said.
    let asked = Some(query("secret")).filter(|made| !made.is_empty() && (secret.is_some() || refused.is_none()));
    let secret = asked.map(|made| {
        view! { <NewSecret secret=secret.map(|secret| secret.0) words=secret_words(made == "rotated") /> }
    });
    // Forms without fields say what is wrong with them here.
    let without_fields =
        ["switch_webhook_endpoint", "send_test_event", "rotate_webhook_secret", "delete_webhook_endpoint"];
    let error = refused
        .filter(|sent| without_fields.contains(&&*sent.form))
        .and_then(|sent| sent.errors.into_iter().next())
        .map(|error| view! { <Alert>{error.message}</Alert> });
    let first = endpoint.clone();
    view! {
        <AdminLayout title=endpoint.url.clone()>
            <div class="heading">
                <div>
                    <Breadcrumbs trail=vec![(PATH, texts.webhooks_title())] />
                    <h1 translate="no">{endpoint.url.clone()}</h1>
                    <p class="note" translate="no">
                        {endpoint.description.clone()}
                    </p>
                </div>
                <div class="actions">
                    <State state=endpoint.state() />
                    <OnOff endpoint=endpoint.clone() />
                </div>
            </div>
            {error}
            {secret}
            <Condition endpoint=endpoint.clone() />
            <Deliveries id=first.id state=state after=after deliveries=deliveries next=next />
            <div class="pair">
                <div class="stack">
                    <Edit endpoint=first />
                    <Verify />
                </div>
                <div class="stack beside">
                    <Steps endpoint=endpoint />
                </div>
            </div>
        </AdminLayout>
    }
}

/// Switches it.
#[component]
fn OnOff(endpoint: WebhookEndpoint) -> impl IntoView {
    let texts = texts();
    let text = if endpoint.active { texts.webhooks_turn_off() } else { texts.webhooks_turn_on() };
    view! {
        <form method="post">
            <input type="hidden" name="form" value="switch_webhook_endpoint" />
            <input type="hidden" name="id" value=endpoint.id.to_string() />
            <input type="hidden" name="active" value=(!endpoint.active).to_string() />
            <Submit weight=Weight::Plain>{text}</Submit>
        </form>
    }
}

/// Says why nothing arrives, where it does not.
#[component]
fn Condition(endpoint: WebhookEndpoint) -> impl IntoView {
    let texts = texts();
    let state = endpoint.state();
    let (tone, note) = match (state, endpoint.failing_since) {
        (EndpointState::Failing, Some(since)) => (Tone::Bad, texts.webhooks_failing_note(texts.date(since))),
        (EndpointState::Gone, _) => (Tone::Bad, texts.webhooks_gone_note()),
        (EndpointState::Off, _) => (Tone::Neutral, texts.webhooks_off_note()),
        _ => return None,
    };
    Some(view! {
        <Notice tone=tone title=texts.webhook_state(state)>
            {note}
        </Notice>
    })
}

#[component]
fn Edit(endpoint: WebhookEndpoint) -> impl IntoView {
    let texts = texts();
    let (id, save) = (endpoint.id.to_string(), texts.webhooks_save());
    view! {
        <Card id="edit" title=texts.webhooks_edit()>
            <PostForm name="update_webhook_endpoint">
                <input type="hidden" name="id" value=id />
                <Fields endpoint=endpoint />
                <div class="actions">
                    <Submit>{save}</Submit>
                </div>
            </PostForm>
        </Card>
    }
}
