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
        form::{PostForm, Submitted},
        icon::Symbol,
        select::Select,
        table::Table,
    },
    domain::time::Time,
    functions::api_keys::load_api_keys,
    pages::{load, query},
    text::texts,
    view_models::{
        api_keys::{ApiKeySummary, ApiKeysPage as Data, CreatedApiKey},
        page::PageContext,
    },
};
use leptos::{either::Either, prelude::*};

/// The list of keys and the form for a new one. `new` in its address is the id of a key that was just created: it is shown,
/// once.
#[component]
pub fn ApiKeysPage() -> impl IntoView {
    load(load_api_keys(query("new")), |data| view! { <ApiKeysView data=data /> })
}

#[component]
fn ApiKeysView(data: Data) -> impl IntoView {
    let (title, list) = (texts().keys_title(), texts().keys_list());
    // Beside a refused form only what would be lost is said.
    let refused = use_context::<Submitted>().is_some();
    let created = data.created.filter(|created| created.secret.is_some() || !refused);
    let created = created.map(|created| view! { <Created created=created /> });
    view! {
        <AdminLayout title=title.clone()>
            <h1>{title}</h1>
            {created}
            <Card id="keys" title=list>
                <Keys keys=data.keys />
            </Card>
            <NewKey />
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
fn Created(created: CreatedApiKey) -> impl IntoView {
    let texts = texts();
    let Some(secret) = created.secret else {
        let note = texts.keys_shown_note();
        return Either::Left(view! { <Notice title=texts.keys_shown()>{note}</Notice> });
    };
    let note = texts.keys_created_note();
    Either::Right(view! {
        <Notice tone=Tone::Good title=texts.keys_created()>
            {note}
        </Notice>
        <div class="card">
            <Labelled id="secret" label=texts.keys_secret()>
                <input id="secret" type="text" readonly=true autocomplete="off" spellcheck="false" value=secret.0 />
            </Labelled>
            <p class="actions needs-script">
                <button
                    type="button"
                    class="button primary"
                    data-copy="secret"
                    data-copied=texts.keys_copied()
                    data-by-hand=texts.keys_copy_by_hand()
                >
                    {texts.keys_copy()}
                </button>
            </p>
        </div>
    })
}

#[component]
fn Keys(keys: Vec<ApiKeySummary>) -> impl IntoView {
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
    let rows = keys.into_iter().map(|key| view! { <Row key=key /> }).collect_view();
    Either::Right(view! {
        <p class="note">{texts.key_belongs_explained()}</p>
        <Table caption=texts.keys_caption() columns=columns blocks=true>
            {rows}
        </Table>
    })
}

#[component]
fn Row(key: ApiKeySummary) -> impl IntoView {
    let texts = texts();
    let owner = match (key.admin_id, &key.admin) {
        (None, _) => texts.key_of_nobody(),
        (Some(_), Some(admin)) if key.works => texts.key_of(admin),
        (Some(_), Some(admin)) => texts.key_without_rights(admin),
        (Some(_), None) => texts.key_without_admin(),
    };
    let used = match key.last_used_at {
        Some(at) => Either::Left(view! { <Day at=at /> }),
        None => Either::Right(texts.keys_never_used()),
    };
    view! {
        <tr>
            <th scope="row">
                {key.name.clone()}
                <span class="note">{texts.keys_ending(&key.last_four)}</span>
                <span class="note">{texts.keys_created_on(texts.date(key.created_at))}</span>
                <span class="note" data-testid="key-admin">
                    {owner}
                </span>
            </th>
            <td data-label=texts.keys_scopes()>{key.scope.contained()}</td>
            <td data-label=texts.keys_last_used()>{used}</td>
            <td>
                <Actions key=key />
            </td>
        </tr>
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
