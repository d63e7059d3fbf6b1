//! Parts of the pages of webhooks.

use crate::{
    components::{
        alert::{Notice, Tone},
        badge::Badge,
        card::Card,
        field::Labelled,
    },
    domain::webhooks::{
        delivery::DeliveryState,
        endpoint::{EndpointState, WebhookSecret},
    },
    text::texts,
};
use leptos::{either::Either, prelude::*};

/// How requests are verified in Node.js.
const SNIPPET: &str = r#"import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);

app.post("/webhooks/passalong", express.text({ type: "*/*" }), (req, res) => {
  const event = webhook.verify(req.body, req.headers); // throws if it is forged
  console.log(event.id, event.type, event.data.object);
  res.sendStatus(204);
});"#;

/// How an endpoint is.
#[component]
pub fn State(state: EndpointState) -> impl IntoView {
    let tone = match state {
        EndpointState::Active => Tone::Good,
        EndpointState::Off => Tone::Neutral,
        EndpointState::Failing | EndpointState::Gone => Tone::Bad,
    };
    view! { <Badge tone=tone text=texts().webhook_state(state) /> }
}

/// How far a delivery is.
#[component]
pub fn Progress(state: DeliveryState) -> impl IntoView {
    let tone = match state {
        DeliveryState::Waiting => Tone::Warn,
        DeliveryState::Delivered => Tone::Good,
        DeliveryState::Failed => Tone::Bad,
    };
    view! { <Badge tone=tone text=texts().webhook_delivery_state(state) /> }
}

/// A secret that was just made: of a new endpoint, or of one that had another. Nothing once it was shown.
#[component]
pub fn NewSecret(secret: Option<WebhookSecret>, rotated: bool) -> impl IntoView {
    let texts = texts();
    let Some(secret) = secret else {
        let note = texts.webhooks_shown_note();
        return Either::Left(view! { <Notice title=texts.webhooks_shown()>{note}</Notice> });
    };
    let (title, note) = match rotated {
        true => (texts.webhooks_rotated(), texts.webhooks_rotated_note()),
        false => (texts.webhooks_created(), texts.webhooks_created_note()),
    };
    Either::Right(view! {
        <Notice tone=Tone::Good title=title>
            {note}
        </Notice>
        <div class="card">
            <Labelled id="secret" label=texts.webhooks_secret()>
                <input id="secret" type="text" readonly=true autocomplete="off" spellcheck="false" value=secret.0 />
            </Labelled>
            <p class="actions needs-script">
                <button
                    type="button"
                    class="button primary"
                    data-copy="secret"
                    data-copied=texts.webhooks_copied()
                    data-by-hand=texts.webhooks_copy_by_hand()
                >
                    {texts.webhooks_copy()}
                </button>
            </p>
        </div>
    })
}

/// How a host product knows that a request is from here.
#[component]
pub fn Verify() -> impl IntoView {
    let texts = texts();
    view! {
        <Card id="verify" title=texts.webhooks_verify() note=texts.webhooks_verify_note()>
            <Code text=SNIPPET.to_owned() label=texts.webhooks_verify() />
        </Card>
    }
}

/// What machines read or write, as it is.
#[component]
pub fn Code(text: String, label: String) -> impl IntoView {
    view! {
        <pre class="sample" tabindex="0" role="region" aria-label=label>
            <code>{text}</code>
        </pre>
    }
}
