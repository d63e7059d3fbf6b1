//! Many campaign codes at once.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Tone,
        badge::Badge,
        breadcrumbs::Breadcrumbs,
        card::Card,
        field::{Field, Kind},
        scripts::Scripts,
        table::Table,
        when::When,
    },
    functions::{bulk_codes::load_bulk_jobs, codes::load_new_code},
    pages::{
        admin::code_form::{CodeForm, Values},
        load,
    },
    text::texts,
    view_models::{
        bulk_codes::{BulkJob, JobState},
        codes::NewCodesPageData,
    },
};
use leptos::prelude::*;

/// The page that asks for codes, and lists what was asked for lately.
#[component]
pub fn BulkPage() -> impl IntoView {
    let data = async { Ok((load_new_code().await?, load_bulk_jobs().await?)) };
    load(data, |(new, jobs)| view! { <BulkView new=new jobs=jobs /> })
}

#[component]
fn BulkView(new: NewCodesPageData, jobs: Vec<BulkJob>) -> impl IntoView {
    let texts = texts();
    let (title, note, submit) = (texts.bulk_title(), texts.bulk_note(), texts.bulk_submit());
    let trail = vec![("/admin/codes", texts.admin_codes())];
    view! {
        <AdminLayout title=title.clone()>
            <Breadcrumbs trail=trail />
            <div class="single stack">
                <div class="card">
                    <h1>{title}</h1>
                    <p class="note">{note}</p>
                    <CodeForm
                        name="request_bulk_codes"
                        values=Values::new(new.expires_at)
                        categories=new.categories
                        submit=submit
                    >
                        <Shape length=new.bulk_length />
                    </CodeForm>
                </div>
                {(!jobs.is_empty()).then(|| view! { <Latest jobs=jobs /> })}
            </div>
            <Scripts wake="#beneficiary" />
        </AdminLayout>
    }
}

/// How many codes, and what they look like.
#[component]
fn Shape(length: i64) -> impl IntoView {
    let texts = texts();
    view! {
        <Field name="count" label=texts.bulk_count() kind=Kind::Number hint=texts.bulk_count_hint() value="100" />
        <Field name="prefix" label=texts.bulk_prefix() optional=true hint=texts.bulk_prefix_hint() />
        <Field
            name="length"
            label=texts.bulk_length()
            kind=Kind::Number
            hint=texts.bulk_length_hint()
            value=length.to_string()
        />
    }
}

#[component]
fn Latest(jobs: Vec<BulkJob>) -> impl IntoView {
    let texts = texts();
    let columns = vec![(texts.bulk_for(), false), (texts.bulk_codes(), true), (texts.bulk_state(), false)];
    let rows = jobs.into_iter().map(|job| view! { <Row job=job /> }).collect_view();
    view! {
        <Card id="latest" title=texts.bulk_latest()>
            <Table caption=texts.bulk_latest_caption() columns=columns>
                {rows}
            </Table>
        </Card>
    }
}

#[component]
fn Row(job: BulkJob) -> impl IntoView {
    let texts = texts();
    let (tone, word) = match job.state {
        JobState::Open => (Tone::Neutral, texts.bulk_open()),
        JobState::Done => (Tone::Good, texts.bulk_ready()),
        JobState::Failed => (Tone::Bad, texts.bulk_failed()),
    };
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/admin/codes/bulk/{}", job.id)>{job.description}</a>
                <span class="note"><When at=job.created_at /> " " {texts.bulk_by(job.by)}</span>
            </th>
            <td class="number">{texts.number(job.total)}</td>
            <td>
                <Badge tone=tone text=word />
            </td>
        </tr>
    }
}
