//! The page of a job that creates many codes.

use crate::{
    components::{admin_layout::AdminLayout, format::moment, scripts::Scripts},
    domain::ids::JobId,
    error::AppError,
    functions::bulk_codes::load_bulk_job,
    islands::bulk_progress::BulkProgress,
    pages::{admin::id, error::Problem, load},
    view_models::bulk_codes::BulkJob,
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
    let begin = (!job.prefix.is_empty()).then(|| format!("They begin with {}. ", job.prefix));
    view! {
        <AdminLayout title="Many codes">
            <div class="single card">
                <h1>{job.description.clone()}</h1>
                <p class="note">{begin} "Asked for by " {job.by.clone()} ", " {moment(job.created_at)} "."</p>
                <BulkProgress initial=job />
                <p>
                    <a href="/admin/codes">"All codes"</a>
                    " · "
                    <a href="/admin/codes/bulk">"Make more"</a>
                </p>
            </div>
            <Scripts />
        </AdminLayout>
    }
}
