//! The page with the table of campaign codes.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Notice,
        button::{LinkButton, Weight},
        form::Submitted,
        format::counted,
        scripts::Scripts,
    },
    error::AppError,
    functions::{bulk_codes::load_bulk_jobs, codes::load_codes},
    islands::codes_table::{CodesTable, query_string},
    pages::{admin::query, load},
    text::texts,
    view_models::bulk_codes::{BulkJob, JobState},
};
use leptos::prelude::*;

/// The table of codes. What it shows stands in its address.
#[component]
pub fn CodesPage() -> impl IntoView {
    let filter = query_string::read_filter(|name| Some(query(name)).filter(|value| !value.is_empty()));
    let data = async { Ok((load_codes(filter).await?, load_bulk_jobs().await?)) };
    load(data, |(page, jobs)| view! { <CodesView page=page jobs=jobs /> })
}

#[component]
fn CodesView(page: crate::view_models::codes::CodesPage, jobs: Vec<BulkJob>) -> impl IntoView {
    let refused = Submitted::by("set_code_active").errors.into_iter().next().map(|error| error.message);
    view! {
        <AdminLayout title="Codes">
            <div class="heading">
                <h1>"Codes"</h1>
                <div class="actions">
                    <LinkButton weight=Weight::Plain href="/admin/codes/bulk">"Many at once"</LinkButton>
                    <LinkButton href="/admin/codes/new">"New code"</LinkButton>
                </div>
            </div>
            {jobs.into_iter().filter(|job| job.state == JobState::Open).map(|job| view! { <Running job=job /> }).collect_view()}
            <CodesTable
                page=page
                refused=refused.unwrap_or_default()
                unreachable=texts().error(&AppError::Unavailable)
            />
            <Scripts />
        </AdminLayout>
    }
}

/// Codes that are still being made.
#[component]
fn Running(job: BulkJob) -> impl IntoView {
    view! {
        <Notice title="Codes are being made.">
            {counted(job.total, "code", "codes")} " for “" {job.description} "”. "
            <a href=format!("/admin/codes/bulk/{}", job.id)>"See how far they are"</a>
        </Notice>
    }
}
