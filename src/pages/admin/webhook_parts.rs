//! Parts of the pages of webhooks.

use crate::{
    components::{alert::Tone, badge::Badge, card::Card, new_secret::NewSecretWords},
    domain::webhooks::{delivery::DeliveryState, endpoint::EndpointState},
    text::texts,
};
use leptos::prelude::*;

/// How requests are verified in Node.js.
const SNIPPET: &str = r#"import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);

const text = express.text({ type: "*/*" });

app.post("/webhooks/passalong", text, (req, res) => {
  // Throws if it is forged.
  const event = webhook.verify(req.body, req.headers);
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

/// What is said of a secret that was just made: of a new endpoint, or of one that had another.
pub fn secret_words(rotated: bool) -> NewSecretWords {
    let texts = texts();
    let (title, note) = match rotated {
        true => (texts.webhooks_rotated(), texts.webhooks_rotated_note()),
        false => (texts.webhooks_created(), texts.webhooks_created_note()),
    };
    let label = texts.webhooks_secret();
    NewSecretWords { title, note, label, shown: texts.webhooks_shown(), shown_note: texts.webhooks_shown_note() }
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
