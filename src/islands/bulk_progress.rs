//! The progress of a job that creates many codes, updated while the page is open.

use crate::{
    components::{alert::Alert, progress::Progress},
    functions::bulk_codes::load_bulk_job,
    view_models::bulk_codes::{BulkJob, BulkWords, JobState},
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
fn sentence(job: &BulkJob, words: &BulkWords) -> String {
    match job.state {
        JobState::Open => words.open.clone(),
        JobState::Done => words.done.say(job.total),
        JobState::Failed => words.failed.clone(),
    }
}

/// How far it is, in numbers.
fn so_far(done: i64, total: i64, words: &BulkWords) -> String {
    let digits = |number| words.done.digits(number);
    words.so_far.replace("{done}", &digits(done)).replace("{total}", &digits(total))
}

/// A bar while the codes are created; then where to find them, or why there are none.
#[island]
pub fn BulkProgress(initial: BulkJob, words: BulkWords) -> impl IntoView {
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
    let bar = words.bar.clone();
    let words = StoredValue::new(words);
    let rest = move || match state.get() {
        JobState::Open => {
            view! { <a href=format!("/admin/codes/bulk/{id}")>{words.get_value().refresh}</a> }.into_any()
        }
        JobState::Done => view! {
            <a class="button primary" href=format!("/admin/codes/bulk/{id}/codes.csv") download="">
                {words.get_value().download}
            </a>
        }
        .into_any(),
        JobState::Failed => view! { <Alert>{job.with_untracked(|job| job.problem.clone())}</Alert> }.into_any(),
    };
    view! {
        <div class="stack" data-testid="bulk" data-state=move || format!("{:?}", state.get()).to_lowercase()>
            <p role="status">{move || { state.get(); job.with_untracked(|job| words.with_value(|words| sentence(job, words))) }}</p>
            <div>
                <Progress label=bar value=value max=max />
                <p class="note">{move || words.with_value(|words| so_far(value.get(), max.get(), words))}</p>
            </div>
            <div class="actions">{rest}</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_said_in_numbers() {
        let words = BulkWords { so_far: "{done} of {total}".into(), ..BulkWords::default() };
        assert_eq!(so_far(1, 20, &words), "1 of 20");
    }
}
