//! Many campaign codes at once.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Tone,
        badge::Badge,
        card::Card,
        field::{Field, Kind},
        format::{grouped, moment},
        scripts::Scripts,
        table::Table,
    },
    functions::{bulk_codes::load_bulk_jobs, codes::load_new_code},
    pages::{
        admin::code_form::{CodeForm, Values},
        load,
    },
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
    view! {
        <AdminLayout title="Many codes">
            <div class="single stack">
                <div class="card">
                    <h1>"Many codes at once"</h1>
                    <p class="note">"For vouchers, tickets or letters: each with a code of its own, all with the same rules."</p>
                    <CodeForm
                        name="request_bulk_codes"
                        once=true
                        values=Values::new(new.expires_at)
                        categories=new.categories
                        submit="Make the codes"
                    >
                        <Field
                            name="count"
                            label="How many"
                            kind=Kind::Number
                            hint="Up to 100,000 at once."
                            value="100"
                        />
                        <Field
                            name="prefix"
                            label="Prefix"
                            optional=true
                            hint="What all of them begin with, as FAIR-. Letters, digits, “_” and “-”."
                        />
                        <Field
                            name="length"
                            label="Random characters"
                            kind=Kind::Number
                            hint="After the prefix. The more there are, the harder a code is to guess."
                            value=new.bulk_length.to_string()
                        />
                    </CodeForm>
                </div>
                {(!jobs.is_empty()).then(|| view! { <Latest jobs=jobs /> })}
            </div>
            <Scripts wake="#beneficiary" />
        </AdminLayout>
    }
}

#[component]
fn Latest(jobs: Vec<BulkJob>) -> impl IntoView {
    let row = |job: BulkJob| {
        let (tone, word) = match job.state {
            JobState::Open => (Tone::Neutral, "Being made"),
            JobState::Done => (Tone::Good, "Ready"),
            JobState::Failed => (Tone::Bad, "Failed"),
        };
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("/admin/codes/bulk/{}", job.id)>{job.description}</a>
                    <span class="note">{moment(job.created_at)} " by " {job.by}</span>
                </th>
                <td class="number">{grouped(job.total)}</td>
                <td>
                    <Badge tone=tone text=word />
                </td>
            </tr>
        }
    };
    let columns = vec![("For", false), ("Codes", true), ("State", false)];
    view! {
        <Card id="latest" title="Lately">
            <Table caption="Codes that were asked for lately" columns=columns>
                {jobs.into_iter().map(row).collect_view()}
            </Table>
        </Card>
    }
}
