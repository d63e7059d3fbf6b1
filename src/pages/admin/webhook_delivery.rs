//! One delivery: what is sent, and each attempt with its answer.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Alert,
        button::{LinkButton, Submit, Weight},
        card::Card,
        empty::Empty,
        form::Submitted,
        icon::Symbol,
        when::WhenExactly,
    },
    domain::{
        ids::WebhookDeliveryId,
        time::{SECOND, Time},
        webhooks::delivery::DeliveryState,
    },
    error::AppError,
    functions::webhooks::load_webhook_delivery,
    pages::{
        admin::{
            id,
            webhook_parts::{Code, Progress},
            webhooks::PATH,
        },
        error::Problem,
        load,
    },
    text::texts,
    view_models::webhooks::{WebhookAttempt, WebhookDelivery, WebhookDeliveryDetails},
};
use leptos::{either::Either, prelude::*};

/// The delivery whose id stands in its address.
#[component]
pub fn WebhookDeliveryPage() -> impl IntoView {
    let Some(id) = id() else { return Either::Right(view! { <Problem error=AppError::NotFound.into() /> }) };
    let page = load_webhook_delivery(WebhookDeliveryId(id));
    Either::Left(load(page, |page| view! { <DeliveryView page=page /> }))
}

#[component]
fn DeliveryView(page: WebhookDeliveryDetails) -> impl IntoView {
    let texts = texts();
    let WebhookDeliveryDetails { delivery, body, attempts } = page;
    let title = texts.webhooks_delivery(delivery.id.to_string());
    let refused = Submitted::by("redeliver").errors.into_iter().next();
    let refresh_text = texts.webhooks_refresh();
    let refresh = (delivery.state == DeliveryState::Waiting).then(|| {
        view! {
            <LinkButton weight=Weight::Plain href=format!("{PATH}/deliveries/{}", delivery.id)>
                {refresh_text}
            </LinkButton>
        }
    });
    let sent_at = attempts.last().map_or(delivery.created_at, |last| last.at);
    view! {
        <AdminLayout title=title.clone()>
            <div class="heading">
                <div>
                    <nav class="crumbs" aria-label=texts.admin_breadcrumbs()>
                        <ol>
                            <li>
                                <a href=PATH>{texts.webhooks_title()}</a>
                            </li>
                            <li>
                                <a href=format!("{PATH}/{}", delivery.endpoint_id) translate="no">
                                    {delivery.url.clone()}
                                </a>
                            </li>
                        </ol>
                    </nav>
                    <h1>{title}</h1>
                    <p class="note">
                        <code>{delivery.kind.clone()}</code>
                    </p>
                </div>
                <div class="actions">
                    <Progress state=delivery.state />
                    {refresh}
                    <Again id=delivery.id />
                </div>
            </div>
            {refused.map(|error| view! { <Alert>{error.message}</Alert> })}
            <div class="pair">
                <div class="stack">
                    <Attempts attempts=attempts />
                </div>
                <div class="stack beside">
                    <Facts delivery=delivery.clone() />
                </div>
            </div>
            <Request delivery=delivery body=body sent_at=sent_at />
        </AdminLayout>
    }
}

#[component]
fn Again(id: WebhookDeliveryId) -> impl IntoView {
    let texts = texts();
    view! {
        <form method="post">
            <input type="hidden" name="form" value="redeliver" />
            <input type="hidden" name="id" value=id.to_string() />
            <Submit weight=Weight::Plain>{texts.webhooks_send_again()}</Submit>
        </form>
    }
}

#[component]
fn Facts(delivery: WebhookDelivery) -> impl IntoView {
    let texts = texts();
    let event = delivery.event_id.map(|id| {
        view! {
            <dt>{texts.webhooks_event()}</dt>
            <dd>{texts.webhooks_event_number(id.to_string())}</dd>
        }
    });
    let (name, at) = match (delivery.state, delivery.ended_at) {
        (DeliveryState::Waiting, _) | (_, None) => (texts.webhooks_next_try(), delivery.next_at),
        (DeliveryState::Delivered, Some(at)) => (texts.webhooks_delivered_at(), at),
        (DeliveryState::Failed, Some(at)) => (texts.webhooks_failed(), at),
    };
    view! {
        <Card id="facts" title=texts.webhooks_facts() note=texts.webhooks_send_again_note()>
            <dl class="facts">
                {event} <dt>{texts.webhooks_message_id()}</dt>
                <dd>
                    <code>{delivery.message_id}</code>
                </dd>
                <dt>{texts.webhooks_made()}</dt>
                <dd>
                    <WhenExactly at=delivery.created_at />
                </dd>
                <dt>{name}</dt>
                <dd>
                    <WhenExactly at=at />
                </dd>
                <dt>{texts.webhooks_tries()}</dt>
                <dd data-testid="tries">{texts.number(delivery.attempts)}</dd>
            </dl>
        </Card>
    }
}

/// What is sent: the headers of the last attempt, without the signature, which is made anew for each.
#[component]
fn Request(delivery: WebhookDelivery, body: String, sent_at: Time) -> impl IntoView {
    let texts = texts();
    let headers = format!(
        "POST {}\ncontent-type: application/json\nwebhook-id: {}\nwebhook-timestamp: {}\nwebhook-signature: v1,…",
        delivery.url,
        delivery.message_id,
        sent_at.0 / SECOND
    );
    view! {
        <Card id="request" title=texts.webhooks_request()>
            <h3>{texts.webhooks_request_headers()}</h3>
            <Code text=headers label=texts.webhooks_request_headers() />
            <h3>{texts.webhooks_request_body()}</h3>
            <Code text=body label=texts.webhooks_request_body() />
        </Card>
    }
}

#[component]
fn Attempts(attempts: Vec<WebhookAttempt>) -> impl IntoView {
    let texts = texts();
    let content = match attempts.is_empty() {
        true => {
            let note = texts.webhooks_attempts_none_note();
            Either::Left(view! {
                <Empty symbol=Symbol::Share title=texts.webhooks_attempts_none()>
                    {note}
                </Empty>
            })
        }
        // The latest first.
        false => Either::Right(
            attempts.into_iter().rev().map(|attempt| view! { <Attempt attempt=attempt /> }).collect_view(),
        ),
    };
    view! {
        <Card id="attempts" title=texts.webhooks_attempts()>
            {content}
        </Card>
    }
}

#[component]
fn Attempt(attempt: WebhookAttempt) -> impl IntoView {
    let texts = texts();
    let answer = texts.webhook_answer(attempt.status, attempt.problem);
    let response =
        (!attempt.response.is_empty()).then(|| view! { <Code text=attempt.response label=texts.webhooks_answer() /> });
    view! {
        <div class="attempt" data-testid="attempt">
            <p>
                <strong>{texts.webhooks_attempt(texts.number(attempt.number))}</strong>
                " · "
                <WhenExactly at=attempt.at />
                " · "
                {answer}
                " · "
                {texts.webhooks_ms(texts.number(attempt.duration_ms))}
            </p>
            {response}
        </div>
    }
}
