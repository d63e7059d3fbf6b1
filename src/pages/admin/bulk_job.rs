//! The page of a job that creates many codes.

use crate::{
    components::{admin_layout::AdminLayout, scripts::Scripts},
    domain::ids::JobId,
    error::AppError,
    functions::bulk_codes::load_bulk_job,
    islands::bulk_progress::BulkProgress,
    pages::{admin::id, error::Problem, load},
    text::texts,
    view_models::bulk_codes::{BulkJob, JobState},
};
use leptos::{either::Either, prelude::*};

/// The page of the job whose id stands in its address.
#[component]
pub fn BulkJobPage() -> impl IntoView {
    match id() {
        Some(id) => Either::Left(load(load_bulk_job(JobId(id)), |job| view! { <BulkJobView job=job /> })),
        None => Either::Right(view! { <Problem error=AppError::NotFound.into() /> }),
    }
}

#[component]
fn BulkJobView(job: BulkJob) -> impl IntoView {
    let texts = texts();
    let begins = (!job.prefix.is_empty()).then(|| format!("{} ", texts.bulk_begins(job.prefix.clone())));
    let requested = texts.bulk_requested(job.by.clone(), texts.moment(job.created_at));
    let codes = (job.state == JobState::Done).then(|| {
        let href = format!("/admin/codes?batch={}", job.id);
        view! {
            <a href=href>{texts.bulk_show_codes()}</a>
            " · "
        }
    });
    let (all, more) = (texts.bulk_all_codes(), texts.bulk_more());
    view! {
        <AdminLayout title=job.description.clone()>
            <div class="single card">
                <h1>{job.description.clone()}</h1>
                <p class="note">{begins} {requested}</p>
                <BulkProgress initial=job />
                <p>
                    {codes} <a href="/admin/codes">{all}</a> " · " <a href="/admin/codes/bulk">{more}</a>
                </p>
            </div>
            <Scripts />
        </AdminLayout>
    }
}
