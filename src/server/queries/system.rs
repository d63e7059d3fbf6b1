//! How the running program is: what runs where, and which jobs are open or failed.

use crate::{
    domain::{accounts::email::readable, codes::bulk::BulkCodesJob, job::JobPayload, time::Time},
    error::AppError,
    server::{
        queries::split_page,
        state::AppState,
        store::{
            db::{Db, Tx},
            instances, job_list,
            jobs::JobRecord,
            mail_list, probe,
        },
    },
    text::Texts,
    view_models::system::{JobRow, MailRow, MailStatus, SystemPage},
};

/// Failed jobs of a page, and open ones that are listed.
const PAGE_SIZE: usize = 50;

/// Failed mails that are listed.
const MAILS: i64 = 50;

/// `after` is where the page of failed jobs begins.
pub(crate) async fn run(state: &AppState, after: &str, texts: &Texts) -> Result<SystemPage, AppError> {
    let now = state.clock.now();
    let mut tx = state.db.read().await?;
    let failed = job_list::failed(&mut tx, after.parse().ok().as_ref(), PAGE_SIZE as i64 + 1).await?;
    let (failed, next) = split_page(failed, PAGE_SIZE, job_list::failed_at);
    let rows = |jobs: Vec<JobRecord>| jobs.into_iter().map(|job| row(job, now, texts)).collect();
    let database = match state.db {
        Db::Sqlite { .. } => "SQLite",
        Db::Postgres { .. } => "PostgreSQL",
    };
    Ok(SystemPage {
        version: env!("CARGO_PKG_VERSION").into(),
        database: database.into(),
        schema: probe::schema_number(&mut tx).await?,
        started_at: state.started_at,
        // One that has just started may have none yet.
        instances: instances::count_held(&mut tx, now).await?.max(1),
        mail: mail(&mut tx, state, texts).await?,
        open_count: job_list::count_open(&mut tx).await?,
        open: rows(job_list::open(&mut tx, PAGE_SIZE as i64).await?),
        failed: rows(failed),
        next,
    })
}

async fn mail(tx: &mut Tx, state: &AppState, texts: &Texts) -> sqlx::Result<MailStatus> {
    let failed = mail_list::failed(tx, MAILS).await?.into_iter().map(|mail| MailRow {
        id: mail.id,
        what: texts.mail_kind(&mail.kind),
        problem: texts.message(&mail.problem()),
        to: readable(&mail.recipient).into_owned(),
        at: mail.ended_at,
        attempts: mail.attempts,
    });
    Ok(MailStatus {
        failed: failed.collect(),
        failed_count: mail_list::count_failed(tx, MailStatus::MOST).await?,
        server: state.config.smtp_url.as_ref().map(|server| format!("{}:{}", server.host, server.port)),
        waiting: mail_list::count_waiting(tx, MailStatus::MOST).await?,
        last_sent: mail_list::last_sent(tx).await?,
        problem: mail_list::waiting_problem(tx).await?.map(|problem| texts.message(&problem)).unwrap_or_default(),
    })
}

fn row(job: JobRecord, now: Time, texts: &Texts) -> JobRow {
    let problem = job.problem().map(|problem| texts.message(&problem)).unwrap_or_default();
    JobRow {
        id: job.id,
        what: texts.job_kind(&job.kind),
        page: (job.kind == BulkCodesJob::KIND).then(|| format!("/admin/codes/bulk/{}", job.id)),
        by: job.actor,
        at: job.ended_at.unwrap_or(job.run_at),
        running: job.state == "open" && job.leased_until > now,
        attempts: job.attempts,
        problem,
    }
}
