//! What can be done about an endpoint, besides changing it.

use crate::{
    components::{
        button::{Submit, Weight},
        card::Card,
        field::{Field, Kind},
        form::{PostForm, Submitted},
    },
    text::texts,
    view_models::webhooks::WebhookEndpoint,
};
use leptos::prelude::*;

/// All of it.
#[component]
pub fn Steps(endpoint: WebhookEndpoint) -> impl IntoView {
    let id = endpoint.id.to_string();
    let on = endpoint.active.then(|| {
        view! {
            <Test id=id.clone() />
            <Replay id=id.clone() />
        }
    });
    view! {
        {on}
        <Rotate endpoint=endpoint />
        <Delete id=id />
    }
}

#[component]
fn Test(id: String) -> impl IntoView {
    let texts = texts();
    let send = texts.webhooks_send_test();
    view! {
        <Card id="test" title=texts.webhooks_test() note=texts.webhooks_test_note()>
            <form method="post">
                <input type="hidden" name="form" value="send_test_event" />
                <input type="hidden" name="id" value=id />
                <Submit weight=Weight::Plain>{send}</Submit>
            </form>
        </Card>
    }
}

#[component]
fn Replay(id: String) -> impl IntoView {
    let texts = texts();
    let submit = texts.webhooks_replay_submit();
    view! {
        <Card id="replay" title=texts.webhooks_replay() note=texts.webhooks_replay_note()>
            <PostForm name="replay_events">
                <input type="hidden" name="id" value=id />
                <Field
                    name="since"
                    label=texts.webhooks_replay_since()
                    kind=Kind::Moment
                    hint=texts.webhooks_replay_since_hint(texts.zone_name())
                />
                <Field
                    name="until"
                    label=texts.webhooks_replay_until()
                    kind=Kind::Moment
                    optional=true
                    hint=texts.webhooks_replay_until_hint(texts.zone_name())
                />
                <div class="actions">
                    <Submit weight=Weight::Plain>{submit}</Submit>
                </div>
            </PostForm>
        </Card>
    }
}

#[component]
fn Rotate(endpoint: WebhookEndpoint) -> impl IntoView {
    let texts = texts();
    let submit = texts.webhooks_rotate();
    let old = endpoint.old_secret_until.map(|until| view! { <p>{texts.webhooks_old_secret(texts.moment(until))}</p> });
    view! {
        <Card id="rotate" title=texts.webhooks_secret()>
            {old}
            <details>
                <summary>{texts.webhooks_rotate_open()}</summary>
                <p>{texts.webhooks_rotate_note()}</p>
                <PostForm name="rotate_webhook_secret" once=true>
                    <input type="hidden" name="id" value=endpoint.id.to_string() />
                    <div class="actions">
                        <Submit weight=Weight::Danger>{submit}</Submit>
                    </div>
                </PostForm>
            </details>
        </Card>
    }
}

#[component]
fn Delete(id: String) -> impl IntoView {
    let texts = texts();
    let refused = !Submitted::by("delete_webhook_endpoint").errors.is_empty();
    let submit = texts.webhooks_delete_submit();
    view! {
        <Card id="delete" title=texts.webhooks_delete()>
            <details open=refused>
                <summary>{texts.webhooks_delete_open()}</summary>
                <p>{texts.webhooks_delete_note()}</p>
                <form method="post" class="form">
                    <input type="hidden" name="form" value="delete_webhook_endpoint" />
                    <input type="hidden" name="id" value=id />
                    <div class="actions">
                        <Submit weight=Weight::Danger>{submit}</Submit>
                    </div>
                </form>
            </details>
        </Card>
    }
}
