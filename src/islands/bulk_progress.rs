//! The progress of a job that creates many codes, updated while the page is open.

use crate::{
    components::{
        alert::Alert,
        format::{counted, grouped},
        progress::Progress,
    },
    functions::bulk_codes::load_bulk_job,
    view_models::bulk_codes::{BulkJob, JobState},
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long to wait before asking again.
const POLL_INTERVAL: Duration = Duration::from_millis(400);

/// Asks how far it is until it has ended.
fn follow(job: RwSignal<BulkJob>) {
    let ask = move || {
        spawn_local(async move {
            let Some(id) = job.try_with_untracked(|job| job.id) else { return };
            if let Ok(news) = load_bulk_job(id).await {
                job.try_set(news);
            }
            if job.try_with_untracked(|job| job.state) == Some(JobState::Open) {
                follow(job);
            }
        });
    };
    set_timeout(ask, POLL_INTERVAL);
}

/// What is going on, in a sentence that changes only with the state: it is read out.
fn words(job: &BulkJob) -> String {
    match job.state {
        JobState::Open => "The codes are being made. You may leave this page: it goes on.".into(),
        JobState::Done => format!("{} ready.", counted(job.total, "code is", "codes are")),
        JobState::Failed => "No codes were made.".into(),
    }
}

/// A bar while the codes are made; then where to find them, or why there are none.
#[island]
pub fn BulkProgress(initial: BulkJob) -> impl IntoView {
    let job = RwSignal::new(initial);
    Effect::new(move |_| {
        if job.with_untracked(|job| job.state == JobState::Open) {
            follow(job);
        }
    });
    let state = Memo::new(move |_| job.with(|job| job.state));
    let value = Signal::derive(move || job.with(|job| job.done));
    let max = Signal::derive(move || job.with(|job| job.total));
    let id = job.with_untracked(|job| job.id);
    let rest = move || match state.get() {
        JobState::Open => view! { <a href=format!("/admin/codes/bulk/{id}")>"Look again"</a> }.into_any(),
        JobState::Done => view! {
            <a class="button primary" href=format!("/admin/codes/bulk/{id}/codes.csv") download="">
                "Download CSV"
            </a>
        }
        .into_any(),
        JobState::Failed => view! { <Alert>{job.with_untracked(|job| job.problem.clone())}</Alert> }.into_any(),
    };
    view! {
        <div class="stack" data-testid="bulk" data-state=move || format!("{:?}", state.get()).to_lowercase()>
            <p role="status">{move || { state.get(); job.with_untracked(words) }}</p>
            <div>
                <Progress label="Codes made" value=value max=max />
                <p class="note">{move || format!("{} of {}", grouped(value.get()), grouped(max.get()))}</p>
            </div>
            <div class="actions">{rest}</div>
        </div>
    }
}
