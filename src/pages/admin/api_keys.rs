//! Keys of the REST API.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::{Notice, Tone},
        badge::Badge,
        button::{Submit, Weight},
        card::Card,
        copy_button::CopyButton,
        empty::Empty,
        field::{Field, Kind},
        form::{PostForm, Submitted},
        icon::Symbol,
        new_secret::{NewSecret, NewSecretWords},
        select::Select,
        table::Table,
    },
    domain::{accounts::origins::Origins, ids::ApiKeyId, time::Time},
    functions::api_keys::load_api_keys,
    pages::{load, query},
    text::texts,
    view_models::{
        api_keys::{ApiKeySummary, ApiKeysPage as Data, CreatedApiKey},
        page::PageContext,
    },
};
use leptos::{either::Either, prelude::*};

/// The list of keys and the form for a new one. `new` in its address is the id of a key that was just created: it is
/// shown, once.
#[component]
pub fn ApiKeysPage() -> impl IntoView {
    load(load_api_keys(query("new")), |data| view! { <ApiKeysView data=data /> })
}

#[component]
fn ApiKeysView(data: Data) -> impl IntoView {
    let (title, list) = (texts().keys_title(), texts().keys_list());
    // Beside a refused form only what would be lost is said.
    let refused = use_context::<Submitted>().is_some();
    let created = data.created.filter(|created| created.secret.is_some() || !refused).map(|created| {
        let publishable = data.keys.iter().find(|key| key.id == created.id && key.public_key.is_some());
        match publishable {
            Some(_) => Either::Left(view! { <CreatedPublishable /> }),
            None => Either::Right(view! { <Created created=created /> }),
        }
    });
    let base_url = data.base_url;
    view! {
        <AdminLayout title=title.clone()>
            <h1>{title}</h1>
            {created}
            <Card id="keys" title=list>
                <Keys keys=data.keys base_url=base_url />
            </Card>
            <NewKey />
            <NewPublishableKey />
        </AdminLayout>
    }
}

#[component]
fn NewKey() -> impl IntoView {
    let texts = texts();
    let (create, docs) = (texts.keys_create(), texts.keys_docs());
    let scopes = vec![
        ("read", texts.keys_scope_read()),
        ("read,write", texts.keys_scope_write()),
        ("read,write,admin", texts.keys_scope_admin()),
    ];
    view! {
        <div class="single">
            <Card id="new" title=texts.keys_new() note=texts.keys_new_note()>
                <PostForm name="create_api_key" once=true>
                    <Field name="name" label=texts.keys_name() kind=Kind::Prose hint=texts.keys_name_hint() />
                    <Select name="scopes" label=texts.keys_scopes() choices=scopes value="read,write" />
                    <div class="actions">
                        <Submit>{create}</Submit>
                        <a href="/api/docs">{docs}</a>
                    </div>
                </PostForm>
            </Card>
        </div>
    }
}

#[component]
fn NewPublishableKey() -> impl IntoView {
    let texts = texts();
    let create = texts.keys_create_publishable();
    view! {
        <div class="single">
            <Card id="new-publishable" title=texts.keys_new_publishable() note=texts.keys_new_publishable_note()>
                <PostForm name="create_publishable_key" once=true>
                    <Field
                        name="name"
                        id="publishable-name"
                        label=texts.keys_name()
                        kind=Kind::Prose
                        hint=texts.keys_name_hint()
                    />
                    <Field name="origins" label=texts.keys_origins() hint=texts.keys_origins_hint() />
                    <div class="actions">
                        <Submit>{create}</Submit>
                    </div>
                </PostForm>
            </Card>
        </div>
    }
}

#[component]
fn CreatedPublishable() -> impl IntoView {
    let texts = texts();
    let note = texts.keys_created_publishable_note();
    view! {
        <Notice tone=Tone::Good title=texts.keys_created()>
            {note}
        </Notice>
    }
}

#[component]
fn Created(created: CreatedApiKey) -> impl IntoView {
    let texts = texts();
    let words = NewSecretWords {
        title: texts.keys_created(),
        note: texts.keys_created_note(),
        label: texts.keys_secret(),
        shown: texts.keys_shown(),
        shown_note: texts.keys_shown_note(),
    };
    view! { <NewSecret secret=created.secret.map(|secret| secret.0) words=words /> }
}

#[component]
fn Keys(keys: Vec<ApiKeySummary>, base_url: String) -> impl IntoView {
    let texts = texts();
    if keys.is_empty() {
        let note = texts.keys_none_note();
        return Either::Left(view! {
            <Empty symbol=Symbol::Info title=texts.keys_none()>
                {note}
            </Empty>
        });
    }
    let columns = vec![
        (texts.keys_key(), false),
        (texts.keys_scopes(), false),
        (texts.keys_last_used(), false),
        (texts.keys_actions(), false),
    ];
    let rows = keys.into_iter().map(|key| view! { <Row key=key base_url=base_url.clone() /> }).collect_view();
    Either::Right(view! {
        <p class="note">{texts.key_belongs_explained()}</p>
        <Table caption=texts.keys_caption() columns=columns blocks=true>
            {rows}
        </Table>
    })
}

#[component]
fn Row(key: ApiKeySummary, base_url: String) -> impl IntoView {
    let texts = texts();
    let owner = match (key.admin_id, &key.admin) {
        (None, _) => texts.key_of_nobody(),
        (Some(_), Some(admin)) if key.works => texts.key_of(admin),
        (Some(_), Some(admin)) => texts.key_without_rights(admin),
        (Some(_), None) => texts.key_without_admin(),
    };
    let (permission, ending) = match key.scope {
        Some(scope) => {
            (Either::Left(view! { <code>{scope.contained()}</code> }), Some(texts.keys_ending(&key.last_four)))
        }
        None => (Either::Right(texts.keys_permission_publishable()), None),
    };
    let ending = ending.map(|ending| view! { <span class="note">{ending}</span> });
    let publishable = key.public_key.is_some().then(|| view! { <Publishable key=key.clone() base_url=base_url /> });
    let used = match key.last_used_at {
        Some(at) => Either::Left(view! { <Day at=at /> }),
        None => Either::Right(texts.keys_never_used()),
    };
    view! {
        <tr>
            <th scope="row">
                <span translate="no">{key.name.clone()}</span>
                {ending}
                <span class="note">{texts.keys_created_on(texts.date(key.created_at))}</span>
                <span class="note" data-testid="key-admin">
                    {owner}
                </span>
            </th>
            <td data-label=texts.keys_scopes()>{permission} {publishable}</td>
            <td data-label=texts.keys_last_used()>{used}</td>
            <td>
                <Actions key=key />
            </td>
        </tr>
    }
}

/// A publishable key: the key itself, where it may be used, and how. Of one that is revoked only what it was.
#[component]
fn Publishable(key: ApiKeySummary, base_url: String) -> impl IntoView {
    let texts = texts();
    let public_key = key.public_key.unwrap_or_default();
    let origins = key.origins.iter().map(|origin| view! { <li>{origin.to_owned()}</li> }).collect_view();
    let (shown, code) = (format!("key-{}", key.id), format!("snippet-{}", key.id));
    let usable = key.revoked_at.is_none().then(|| {
        let snippet = snippet(&base_url, &public_key);
        let name = texts.keys_snippet_name(&key.name);
        view! {
            <p>
                <CopyButton of=shown.clone() label=texts.keys_copy_name(&public_key) />
            </p>
            <EditOrigins id=key.id origins=key.origins.clone() name=key.name.clone() />
            <details>
                <summary aria-label=name.clone()>{texts.keys_snippet()}</summary>
                <pre class="sample" tabindex="0" role="region" aria-label=name>
                    <code id=code.clone() translate="no">
                        {snippet}
                    </code>
                </pre>
                <p>
                    <CopyButton of=code label=texts.keys_copy_name(texts.keys_snippet()) />
                </p>
            </details>
        }
    });
    view! {
        <div class="publishable" data-testid="publishable-key">
            <ul class="origins" translate="no">
                {origins}
            </ul>
            <code id=shown translate="no">
                {public_key}
            </code>
            {usable}
        </div>
    }
}

/// What a page does with a publishable key.
fn snippet(base_url: &str, key: &str) -> String {
    format!(
        "const answer = await fetch(\"{base_url}/api/v1/codes/validate\", {{
  method: \"POST\",
  headers: {{ Authorization: \"Bearer {key}\", \"Content-Type\": \"application/json\" }},
  body: JSON.stringify({{ code: \"SPRING26\" }}),
}});
const {{ valid, reason }} = await answer.json();"
    )
}

/// The form for the origins of one key; open with what is wrong when it was refused.
#[component]
fn EditOrigins(id: ApiKeyId, origins: Origins, name: String) -> impl IntoView {
    let texts = texts();
    let sent = Submitted::by("set_key_origins");
    let refused = sent.value("id").is_some_and(|of| of == id.to_string());
    let sent = if refused { sent } else { Submitted::default() };
    let error = sent.error("origins");
    let field = format!("origins-{id}");
    let described = error.is_some().then(|| format!("{field}-error"));
    let message = error.map(|error| {
        view! {
            <p class="error" id=format!("{field}-error") role="alert">
                {error}
            </p>
        }
    });
    view! {
        <details open=refused>
            <summary aria-label=texts.keys_edit_origins_name(&name)>{texts.keys_edit_origins()}</summary>
            <form method="post" class="form">
                <input type="hidden" name="form" value="set_key_origins" />
                <input type="hidden" name="id" value=id.to_string() />
                <div class="field">
                    <label for=field.clone()>{texts.keys_origins_name(&name)}</label>
                    <input
                        id=field
                        name="origins"
                        type="text"
                        value=sent.value("origins").unwrap_or_else(|| origins.as_str().to_owned())
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-invalid=refused.then_some("true")
                        aria-describedby=described
                    />
                    {message}
                </div>
                <Submit weight=Weight::Plain>{texts.keys_save_origins()}</Submit>
            </form>
        </details>
    }
}

/// What can be done about a key, or that it is over.
#[component]
fn Actions(key: ApiKeySummary) -> impl IntoView {
    let texts = texts();
    if let Some(at) = key.revoked_at {
        return Either::Left(view! {
            <Badge tone=Tone::Bad text=texts.keys_revoked() />
            " "
            <Day at=at />
        });
    }
    let viewer = expect_context::<PageContext>().viewer.map(|viewer| viewer.username);
    let stopped = (!key.works).then(|| view! { <Badge tone=Tone::Bad text=texts.keys_stopped() /> });
    let others = key.admin_id.is_some() && key.admin != viewer;
    let id = key.id.to_string();
    let take_over = others.then(|| {
        let text = texts.keys_take_over();
        view! {
            <form method="post">
                <input type="hidden" name="form" value="take_over_api_key" />
                <input type="hidden" name="id" value=id.clone() />
                <Submit weight=Weight::Plain label=texts.keys_take_over_name(&key.name)>
                    {text}
                </Submit>
            </form>
        }
    });
    let last_use = match key.last_used_at {
        Some(at) => texts.keys_revoke_used(texts.date(at)),
        None => texts.keys_revoke_unused(),
    };
    let (revoke, label) = (texts.keys_revoke(), texts.keys_revoke_name(&key.name));
    Either::Right(view! {
        <div class="key-actions">
            {stopped} {take_over} <details>
                <summary>{label.clone()}</summary>
                <form method="post" class="form">
                    <input type="hidden" name="form" value="revoke_api_key" />
                    <input type="hidden" name="id" value=id />
                    <p>{texts.keys_revoke_note(&key.name)} " " {last_use}</p>
                    <p>
                        <Submit weight=Weight::Danger label=label>
                            {revoke}
                        </Submit>
                    </p>
                </form>
            </details>
        </div>
    })
}

/// A day, short; the moment is in the title.
#[component]
fn Day(at: Time) -> impl IntoView {
    let texts = texts();
    view! {
        <time datetime=at.rfc_3339() title=texts.moment(at)>
            {texts.day(at)}
        </time>
    }
}
