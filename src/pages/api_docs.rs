//! The REST API for readers: every operation, object and error, out of the OpenAPI document.

use crate::{
    components::{badge::Badge, card::Card, format::or_dash, layout::Layout, table::Table},
    functions::api_docs::load_api_docs,
    pages::load,
    view_models::api_docs::{ApiDocs, ApiField, ApiObject, ApiOperation},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ApiDocsPage() -> impl IntoView {
    load(load_api_docs(), |docs| view! { <Docs docs=docs /> })
}

#[component]
fn Docs(docs: ApiDocs) -> impl IntoView {
    let sections =
        docs.sections.into_iter().map(|(name, operations)| view! { <Section name=name operations=operations /> });
    let objects = docs.objects.into_iter().map(|object| view! { <ObjectView object=object /> });
    let errors = docs.errors.into_iter().map(|(code, status, meaning)| {
        view! {
            <tr id=code.clone()>
                <th scope="row">
                    <code>{code.clone()}</code>
                </th>
                <td class="number">{status}</td>
                <td>{meaning}</td>
            </tr>
        }
    });
    view! {
        <Layout title="API">
            <h1>"REST API"</h1>
            <Card id="about" title="How it works" class="prose">
                {docs.about.into_iter().map(|paragraph| view! { <p>{plain(&paragraph)}</p> }).collect_view()}
                <p>
                    <code>{docs.example}</code>
                </p>
                <p>
                    "For programs: "
                    <a href="/api/v1/openapi.json" rel="external">
                        "the OpenAPI document"
                    </a>
                </p>
            </Card>
            {sections.collect_view()}
            <section class="stack" aria-labelledby="objects">
                <h2 id="objects">"Objects that come back"</h2>
                {objects.collect_view()}
            </section>
            <Card id="errors" title="Errors" note="The code stays the same; the words may change.">
                <Table caption="Error codes" columns=vec![("Code", false), ("Status", true), ("Meaning", false)]>
                    {errors.collect_view()}
                </Table>
            </Card>
        </Layout>
    }
}

/// Text of the document without its marks.
fn plain(text: &str) -> String {
    text.replace(['`', '*'], "")
}

/// A name as the title of a section.
fn title(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[component]
fn Section(name: String, operations: Vec<ApiOperation>) -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby=name.clone()>
            <h2 id=name.clone()>{title(&name)}</h2>
            {operations.into_iter().map(|operation| view! { <OperationView operation=operation /> }).collect_view()}
        </section>
    }
}

#[component]
fn OperationView(operation: ApiOperation) -> impl IntoView {
    let ApiOperation { method, path, summary, about, scope, parameters, body, answer } = operation;
    let (status, object) = answer;
    view! {
        <article class="card">
            <h3>{summary.clone()}</h3>
            <p class="call">
                <code>{method} " " {path}</code>
                " "
                <Badge text=format!("scope {scope}") />
            </p>
            {(!about.is_empty()).then(|| view! { <p>{plain(&about)}</p> })}
            <Fields caption=format!("{summary}: parameters") fields=parameters />
            <Fields caption=format!("{summary}: body") fields=body />
            <p class="note">
                "Answers " {status} {(!object.is_empty()).then(|| format!(" with {object}"))}
            </p>
        </article>
    }
}

#[component]
fn ObjectView(object: ApiObject) -> impl IntoView {
    view! {
        <article class="card">
            <h3>{object.name.clone()}</h3>
            {(!object.about.is_empty()).then(|| view! { <p>{plain(&object.about)}</p> })}
            <Fields caption=format!("Fields of {}", object.name) fields=object.fields />
        </article>
    }
}

#[component]
fn Fields(caption: String, fields: Vec<ApiField>) -> impl IntoView {
    (!fields.is_empty()).then(|| {
        let rows = fields.into_iter().map(|field| {
            view! {
                <tr>
                    <th scope="row">
                        <code>{field.name}</code>
                        {field.required.then(|| view! { <span class="note">"required"</span> })}
                    </th>
                    <td>{or_dash(field.kind)}</td>
                    <td>{or_dash(plain(&field.about))}</td>
                </tr>
            }
        });
        view! {
            <Table caption=caption columns=vec![("Name", false), ("Kind", false), ("Meaning", false)]>
                {rows.collect_view()}
            </Table>
        }
    })
}
