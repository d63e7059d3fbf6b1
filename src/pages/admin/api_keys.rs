//! Keys of the REST API.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::{Notice, Tone},
        badge::Badge,
        button::{Submit, Weight},
        card::Card,
        empty::Empty,
        field::{Field, Kind, Labelled},
        form::PostForm,
        format::moment,
        icon::Symbol,
        select::Select,
        table::Table,
    },
    domain::accounts::api_key::ApiKeySecret,
    functions::api_keys::load_api_keys,
    pages::load,
    text::texts,
    view_models::{api_keys::ApiKeySummary, page::PageContext},
};
use leptos::{either::Either, prelude::*};

/// The list of keys and the form for a new one. A key that was just made is shown, once.
#[component]
pub fn ApiKeysPage() -> impl IntoView {
    load(load_api_keys(), |keys| view! { <ApiKeysView keys=keys /> })
}

#[component]
fn ApiKeysView(keys: Vec<ApiKeySummary>) -> impl IntoView {
    let made = use_context::<ApiKeySecret>().map(|secret| view! { <Made secret=secret /> });
    view! {
        <AdminLayout title="API keys">
            <h1>"API keys"</h1>
            {made}
            <div class="columns">
                <Card id="new" title="New key" note="For a program of yours that calls the API.">
                    <PostForm name="create_api_key" once=true>
                        <Field
                            name="name"
                            label="Name"
                            kind=Kind::Prose
                            hint="Which program it is for, as “Shop”. The audit log calls it by this name."
                        />
                        <Select
                            name="scopes"
                            label="What it may do"
                            choices=vec![
                                ("read", "Look at codes, users and numbers"),
                                ("read,write", "Also make and change codes and users"),
                                ("read,write,admin", "Everything: also change settings and erase users"),
                            ]
                            value="read,write"
                        />
                        <Submit>"Make the key"</Submit>
                    </PostForm>
                    <p class="note">
                        <a href="/api/docs">"What the API can do"</a>
                    </p>
                </Card>
                <Card id="keys" title="Keys">
                    <Keys keys=keys />
                </Card>
            </div>
        </AdminLayout>
    }
}

#[component]
fn Made(secret: ApiKeySecret) -> impl IntoView {
    view! {
        <Notice tone=Tone::Good title="The key is made.">
            "Copy it now: it is shown this once and kept nowhere."
        </Notice>
        <div class="card">
            <Labelled id="secret" label="Your new key">
                <input id="secret" type="text" readonly=true autocomplete="off" spellcheck="false" value=secret.0 />
            </Labelled>
        </div>
    }
}

#[component]
fn Keys(keys: Vec<ApiKeySummary>) -> impl IntoView {
    if keys.is_empty() {
        return Either::Left(view! {
            <Empty symbol=Symbol::Info title="No keys yet">
                "A key lets a program of yours call the API."
            </Empty>
        });
    }
    let columns = vec![("Key", false), ("May", false), ("Last used", false), ("Revoke", false)];
    Either::Right(view! {
        <p class="note">{texts().key_belongs_explained()}</p>
        <Table caption="API keys" columns=columns>
            {keys.into_iter().map(|key| view! { <Row key=key /> }).collect_view()}
        </Table>
    })
}

#[component]
fn Row(key: ApiKeySummary) -> impl IntoView {
    let texts = texts();
    let viewer = expect_context::<PageContext>().viewer.map(|viewer| viewer.username);
    let owner = match (key.admin_id, &key.admin) {
        (None, _) => texts.key_of_nobody(),
        (Some(_), Some(admin)) if key.works => texts.key_of(admin),
        (Some(_), Some(admin)) => texts.key_without_rights(admin),
        (Some(_), None) => texts.key_without_admin(),
    };
    let stopped = (!key.works && key.revoked_at.is_none()).then(|| view! { <Badge tone=Tone::Bad text="Stopped" /> });
    let others = key.admin_id.is_some() && key.admin != viewer && key.revoked_at.is_none();
    let take_over = others.then(|| {
        view! {
            <form method="post">
                <input type="hidden" name="form" value="take_over_api_key" />
                <input type="hidden" name="id" value=key.id.to_string() />
                <Submit weight=Weight::Plain label=format!("Take over {}", key.name)>"Take over"</Submit>
            </form>
        }
    });
    let end = match key.revoked_at {
        Some(at) => Either::Left(view! {
            <Badge tone=Tone::Bad text="Revoked" />
            <span class="note">{moment(at)}</span>
        }),
        None => Either::Right(view! {
            <form method="post">
                <input type="hidden" name="form" value="revoke_api_key" />
                <input type="hidden" name="id" value=key.id.to_string() />
                <Submit weight=Weight::Danger label=format!("Revoke {}", key.name)>"Revoke"</Submit>
            </form>
        }),
    };
    view! {
        <tr>
            <th scope="row">
                {key.name.clone()}
                <span class="note">"pal_…" {key.last_four}</span>
                <span class="note">"made " {key.created_at.date()}</span>
                <span class="note" data-testid="key-admin">{owner}</span>
            </th>
            <td>{key.scope.contained()}</td>
            <td>{key.last_used_at.map_or_else(|| "Never".to_owned(), moment)}</td>
            <td>{stopped} {take_over} {end}</td>
        </tr>
    }
}
