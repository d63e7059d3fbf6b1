//! How the running program is, and its work in the background.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::{Alert, Tone},
        badge::Badge,
        button::{Submit, Weight},
        card::Card,
        empty::Empty,
        form::Submitted,
        format::or_dash,
        icon::Symbol,
        pager::Pager,
        table::Table,
        when::WhenExactly,
    },
    domain::query_string::address,
    functions::system::load_system,
    pages::{admin::system_mail::Mail, load, query},
    text::texts,
    view_models::system::{JobRow, SystemPage as Data},
};
use leptos::{either::Either, prelude::*};

const PATH: &str = "/admin/system";

/// The system page. `after` in its address is where the list of failed jobs begins.
#[component]
pub fn SystemPage() -> impl IntoView {
    let after = query("after");
    let inside = !after.is_empty();
    load(load_system(after), move |data| view! { <SystemView data=data inside=inside /> })
}

#[component]
fn SystemView(data: Data, inside: bool) -> impl IntoView {
    let texts = texts();
    let refused = Submitted::by("retry_job").errors.into_iter().next();
    let next = data.next.as_ref().map(|next| address(PATH, &[("after", next)]));
    let more = data.open_count - data.open.len() as i64;
    view! {
        <AdminLayout title=texts.system_title()>
            <h1>{texts.system_title()}</h1>
            {refused.map(|error| view! { <Alert>{error.message}</Alert> })}
            <div class="card">
                <dl class="facts">
                    <dt>{texts.system_version()}</dt>
                    <dd>{data.version}</dd>
                    <dt>{texts.system_database()}</dt>
                    <dd>{texts.system_database_schema(data.database, data.schema)}</dd>
                    <dt>{texts.system_started()}</dt>
                    <dd>{texts.moment(data.started_at)}</dd>
                    <dt>{texts.system_instances()}</dt>
                    <dd>{texts.number(data.instances)}</dd>
                </dl>
            </div>
            <Mail mail=data.mail />
            <Card id="failed" title=texts.system_failed_jobs() note=texts.system_failed_jobs_note()>
                <Failed jobs=data.failed />
                <Pager first=inside.then(|| PATH.to_owned()) next=next />
            </Card>
            <Card id="open" title=texts.system_open_jobs() note=texts.system_open_jobs_note()>
                <Open jobs=data.open />
                {(more > 0).then(|| view! { <p class="note">{texts.system_more_open(texts.number(more))}</p> })}
            </Card>
        </AdminLayout>
    }
}

#[component]
fn Failed(jobs: Vec<JobRow>) -> impl IntoView {
    let texts = texts();
    if jobs.is_empty() {
        return Either::Left(view! {
            <Empty symbol=Symbol::Check title=texts.system_nothing_failed()>
                {texts.system_nothing_failed_note()}
            </Empty>
        });
    }
    let columns = vec![
        (texts.system_job(), false),
        (texts.system_job_failed_at(), false),
        (texts.system_job_attempts(), true),
        (texts.system_job_problem(), false),
        (texts.system_try_again(), false),
    ];
    Either::Right(view! {
        <Table caption=texts.system_failed_jobs() columns=columns blocks=true>
            {jobs.into_iter().map(|job| view! { <FailedRow job=job /> }).collect_view()}
        </Table>
    })
}

#[component]
fn FailedRow(job: JobRow) -> impl IntoView {
    let texts = texts();
    view! {
        <tr data-testid="failed-job">
            <What job=job.clone() />
            <td data-label=texts.system_job_failed_at()><WhenExactly at=job.at /></td>
            <td data-label=texts.system_job_attempts() class="number">{texts.number(job.attempts)}</td>
            <td data-label=texts.system_job_problem()>{job.problem}</td>
            <td>
                <form method="post">
                    <input type="hidden" name="form" value="retry_job" />
                    <input type="hidden" name="id" value=job.id.to_string() />
                    <Submit weight=Weight::Plain label=texts.system_try_job_again(job.id.0)>
                        {texts.system_try_again()}
                    </Submit>
                </form>
            </td>
        </tr>
    }
}

#[component]
fn Open(jobs: Vec<JobRow>) -> impl IntoView {
    let texts = texts();
    if jobs.is_empty() {
        return Either::Left(view! {
            <Empty symbol=Symbol::Check title=texts.system_nothing_open()>
                {texts.system_nothing_open_note()}
            </Empty>
        });
    }
    let columns = vec![
        (texts.system_job(), false),
        (texts.system_job_next_at(), false),
        (texts.system_job_attempts(), true),
        (texts.system_job_problem(), false),
    ];
    Either::Right(view! {
        <Table caption=texts.system_open_jobs() columns=columns blocks=true>
            {jobs.into_iter().map(|job| view! { <OpenRow job=job /> }).collect_view()}
        </Table>
    })
}

#[component]
fn OpenRow(job: JobRow) -> impl IntoView {
    let texts = texts();
    let when = if job.running {
        Either::Left(view! { <Badge tone=Tone::Good text=texts.system_job_running() /> })
    } else {
        Either::Right(view! { <WhenExactly at=job.at /> })
    };
    view! {
        <tr data-testid="open-job">
            <What job=job.clone() />
            <td data-label=texts.system_job_next_at()>{when}</td>
            <td data-label=texts.system_job_attempts() class="number">{texts.number(job.attempts)}</td>
            <td data-label=texts.system_job_problem()>{or_dash(job.problem)}</td>
        </tr>
    }
}

#[component]
fn What(job: JobRow) -> impl IntoView {
    let texts = texts();
    let what = match job.page {
        Some(page) => Either::Left(view! { <a href=page>{job.what}</a> }),
        None => Either::Right(job.what),
    };
    let by = (!job.by.is_empty()).then(|| view! { <span class="note">{texts.system_job_asked_by(job.by)}</span> });
    view! {
        <th scope="row">
            {what}
            <span class="note">{texts.system_job_number(job.id.0)}</span>
            {by}
        </th>
    }
}
