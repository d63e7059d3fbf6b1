//! How far the creation of many codes is.

use crate::{
    domain::{
        codes::bulk::BulkCodesJob,
        ids::{CodeId, JobId},
        job::JobPayload,
    },
    error::AppError,
    server::{
        queries::split_page,
        state::AppState,
        store::{bulk_codes, code_recipients, job_list, jobs::JobRecord},
    },
    text::Texts,
    view_models::bulk_codes::{BatchCodes, BatchPageData, BulkJob, CodeMails, JobState},
};

/// Jobs that are listed.
const LISTED: i64 = 10;

/// Recipients of codes on a page.
const RECIPIENTS: usize = 50;

/// *Not found* where there is no such job.
pub(crate) async fn one(state: &AppState, id: JobId, texts: &Texts) -> Result<BulkJob, AppError> {
    let job = job_list::by_id(&mut state.db.read().await?, id).await?;
    job.filter(|job| job.kind == BulkCodesJob::KIND).and_then(|job| bulk_job(job, texts)).ok_or(AppError::NotFound)
}

/// A job with the codes that it created, as they are now, and a page of those who were sent some, after `after`.
pub(crate) async fn batch(state: &AppState, id: JobId, after: &str, texts: &Texts) -> Result<BatchPageData, AppError> {
    let job = one(state, id, texts).await?;
    if job.state != JobState::Done {
        return Ok(BatchPageData { job, codes: BatchCodes::default(), mails: CodeMails::default() });
    }
    let after = after.parse().ok().map(CodeId);
    let mut tx = state.db.read().await?;
    let codes = bulk_codes::counts(&mut tx, id).await?;
    let left = code_recipients::count_left(&mut tx, id, state.clock.now()).await?;
    let recipients = code_recipients::page(&mut tx, id, after, RECIPIENTS as i64 + 1).await?;
    let (recipients, next) = split_page(recipients, RECIPIENTS, |last| last.code_id);
    let mails = CodeMails { left, server: state.config.smtp_url.is_some(), recipients, next };
    Ok(BatchPageData { job, codes, mails })
}

/// Those that are not done first, then the latest.
pub(crate) async fn latest(state: &AppState, texts: &Texts) -> Result<Vec<BulkJob>, AppError> {
    let latest = job_list::latest(&mut state.db.read().await?, BulkCodesJob::KIND, LISTED).await?;
    Ok(latest.into_iter().filter_map(|job| bulk_job(job, texts)).collect())
}

/// What pages show of a job.
pub(super) fn bulk_job(job: JobRecord, texts: &Texts) -> Option<BulkJob> {
    let BulkCodesJob { codes, .. } = serde_json::from_str(&job.payload).ok()?;
    let state = match job.state.as_str() {
        "done" => JobState::Done,
        "failed" => JobState::Failed,
        _ => JobState::Open,
    };
    let problem = job.problem().filter(|_| state == JobState::Failed);
    Some(BulkJob {
        id: job.id,
        state,
        done: job.done,
        total: job.total,
        problem: problem.map(|problem| texts.message(&problem)).unwrap_or_default(),
        prefix: codes.prefix,
        description: codes.shared.description,
        by: job.actor,
        created_at: job.created_at,
    })
}
