//! The page of a job that creates many codes.

use crate::{
    components::{admin_layout::AdminLayout, format::moment, scripts::Scripts},
    domain::ids::JobId,
    error::AppError,
    functions::bulk_codes::load_bulk_job,
    islands::bulk_progress::BulkProgress,
    pages::{admin::id, error::Problem, load},
    text::texts,
    view_models::{
        bulk_codes::{BulkJob, BulkWords},
        stats::CountText,
    },
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
                <BulkProgress initial=job words=progress_words() />
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

/// The words that the progress needs in the browser.
fn progress_words() -> BulkWords {
    let texts = texts();
    BulkWords {
        open: texts.bulk_progress_open(),
        done: CountText::new(texts.number_group(), |count, digits| texts.bulk_progress_done(count, digits)),
        failed: texts.bulk_progress_failed(),
        bar: texts.bulk_progress_bar(),
        so_far: texts.bulk_progress_so_far("{done}", "{total}"),
        refresh: texts.bulk_progress_refresh(),
        download: texts.bulk_progress_download(),
    }
}
