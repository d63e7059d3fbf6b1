//! The REST API for readers: every operation, object and error, out of the OpenAPI document, which is in English.

use crate::{
    components::{
        badge::Badge,
        card::Card,
        format::or_dash,
        layout::Layout,
        page_index::{IndexEntry, Indexed},
        table::Table,
    },
    functions::api_docs::load_api_docs,
    pages::load,
    text::texts,
    view_models::api_docs::{ApiDocs, ApiField, ApiObject, ApiOperation},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ApiDocsPage() -> impl IntoView {
    load(load_api_docs(), |docs| view! { <Docs docs=docs /> })
}

/// The id of an object's description.
fn object_id(name: &str) -> String {
    format!("object-{name}")
}

/// A link to what the document names.
fn english(id: &str, text: &str) -> IndexEntry {
    IndexEntry { lang: Some("en"), ..IndexEntry::new(id, text) }
}

fn contents(docs: &ApiDocs) -> Vec<IndexEntry> {
    let texts = texts();
    let operations = |operations: &[ApiOperation]| {
        operations.iter().map(|operation| english(&operation.id, &operation.summary)).collect()
    };
    let sections =
        docs.sections.iter().map(|(name, all)| IndexEntry { below: operations(all), ..english(name, &title(name)) });
    std::iter::once(IndexEntry::new("about", texts.api_docs_about()))
        .chain(sections)
        .chain([
            IndexEntry::new("objects", texts.api_docs_objects()),
            IndexEntry::new("errors", texts.api_docs_errors()),
        ])
        .collect()
}

#[component]
fn Docs(docs: ApiDocs) -> impl IntoView {
    let texts = texts();
    let contents = contents(&docs);
    let known: Vec<String> = docs.objects.iter().map(|object| object.name.clone()).collect();
    let sections = docs
        .sections
        .into_iter()
        .map(|(name, operations)| view! { <Section name=name operations=operations known=known.clone() /> })
        .collect_view();
    let objects = docs.objects.into_iter().map(|object| view! { <ObjectView object=object /> }).collect_view();
    view! {
        <Layout title=texts.api_docs_title()>
            <h1>{texts.api_docs_heading()}</h1>
            <Indexed title=texts.api_docs_contents() entries=contents>
                <div class="stack reference">
                    <About paragraphs=docs.about example=docs.example />
                    {sections}
                    <section class="stack" aria-labelledby="objects">
                        <h2 id="objects">{texts.api_docs_objects()}</h2>
                        {objects}
                    </section>
                    <Errors errors=docs.errors />
                </div>
            </Indexed>
        </Layout>
    }
}

#[component]
fn About(paragraphs: Vec<String>, example: String) -> impl IntoView {
    let texts = texts();
    let paragraphs = paragraphs.into_iter().map(|paragraph| view! { <p>{plain(&paragraph)}</p> }).collect_view();
    view! {
        <Card id="about" title=texts.api_docs_about() class="prose">
            <div class="stack" lang="en">
                {paragraphs}
            </div>
            <p>
                <code>{example}</code>
            </p>
            <p>
                <a href="/api/v1/openapi.json" rel="external">
                    {texts.api_docs_document()}
                </a>
            </p>
        </Card>
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
fn Section(
    name: String,
    operations: Vec<ApiOperation>,
    /// The objects that are described.
    known: Vec<String>,
) -> impl IntoView {
    let operations =
        operations.into_iter().map(|operation| view! { <OperationView operation=operation known=known.clone() /> });
    view! {
        <section class="stack" aria-labelledby=name.clone()>
            <h2 id=name.clone() lang="en">
                {title(&name)}
            </h2>
            {operations.collect_view()}
        </section>
    }
}

#[component]
fn OperationView(operation: ApiOperation, known: Vec<String>) -> impl IntoView {
    let texts = texts();
    let ApiOperation { id, method, path, summary, about, scope, parameters, body, answer, .. } = operation;
    let (status, object) = answer;
    let call = format!("{method} {path}");
    let returns = match object.is_empty() {
        true => texts.api_docs_returns(status),
        false => texts.api_docs_returns_object(status, &object),
    };
    let returns = match known.contains(&object) {
        true => view! { <a href=format!("#{}", object_id(&object))>{returns}</a> }.into_any(),
        false => returns.into_any(),
    };
    view! {
        <article class="card" aria-labelledby=id.clone()>
            <Heading id=id.clone() text=summary />
            <p class="call">
                <code>{call.clone()}</code>
                " "
                <Badge text=texts.api_docs_scope(scope) />
            </p>
            {(!about.is_empty()).then(|| view! { <p lang="en">{plain(&about)}</p> })}
            <Fields caption=texts.api_docs_parameters(&call) fields=parameters />
            <Fields caption=texts.api_docs_body(&call) fields=body />
            <Sample title=texts.api_docs_sample_request() sample=operation.sample_request folded=true />
            <p class="note">{returns}</p>
            <Sample title=texts.api_docs_sample_answer() sample=operation.sample_answer />
        </article>
    }
}

/// A heading that is its own link.
#[component]
fn Heading(id: String, text: String) -> impl IntoView {
    let href = format!("#{id}");
    view! {
        <h3 id=id lang="en">
            <a class="anchor" href=href>
                {text}
            </a>
        </h3>
    }
}

#[component]
fn Sample(title: String, sample: Option<String>, #[prop(optional)] folded: bool) -> impl IntoView {
    sample.map(|sample| {
        view! {
            <details open=!folded>
                <summary>{title.clone()}</summary>
                <pre class="sample" tabindex="0" role="region" aria-label=title>
                    <code>{sample}</code>
                </pre>
            </details>
        }
    })
}

#[component]
fn ObjectView(object: ApiObject) -> impl IntoView {
    let caption = texts().api_docs_fields(&object.name);
    let id = object_id(&object.name);
    view! {
        <article class="card" aria-labelledby=id.clone()>
            <Heading id=id.clone() text=object.name />
            {(!object.about.is_empty()).then(|| view! { <p lang="en">{plain(&object.about)}</p> })}
            <Fields caption=caption fields=object.fields />
        </article>
    }
}

#[component]
fn Fields(caption: String, fields: Vec<ApiField>) -> impl IntoView {
    let texts = texts();
    (!fields.is_empty()).then(|| {
        let columns =
            vec![(texts.api_docs_name(), false), (texts.api_docs_type(), false), (texts.api_docs_meaning(), false)];
        let rows = fields.into_iter().map(|field| {
            view! {
                <tr>
                    <th scope="row">
                        <code>{field.name}</code>
                        {field.required.then(|| view! { <span class="note">{texts.api_docs_required()}</span> })}
                    </th>
                    <td data-label=texts.api_docs_type() lang="en">
                        {or_dash(field.kind)}
                    </td>
                    <td data-label=texts.api_docs_meaning() lang="en">
                        {or_dash(plain(&field.about))}
                    </td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        view! {
            <Table caption=caption columns=columns blocks=true>
                {rows}
            </Table>
        }
    })
}

#[component]
fn Errors(
    /// Code, usual status, meaning.
    errors: Vec<(String, u16, String)>,
) -> impl IntoView {
    let texts = texts();
    let columns =
        vec![(texts.api_docs_code(), false), (texts.api_docs_status(), true), (texts.api_docs_meaning(), false)];
    let rows = errors.into_iter().map(|(code, status, meaning)| {
        view! {
            <tr id=code.clone()>
                <th scope="row">
                    <code>{code.clone()}</code>
                </th>
                <td data-label=texts.api_docs_status() class="number">
                    {status}
                </td>
                <td data-label=texts.api_docs_meaning() lang="en">
                    {meaning}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <Card id="errors" title=texts.api_docs_errors() note=texts.api_docs_errors_note()>
            <Table caption=texts.api_docs_errors() columns=columns blocks=true>
                {rows}
            </Table>
        </Card>
    }
}
