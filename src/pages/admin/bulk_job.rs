//! The page of a batch of codes: how far their creation is, then what can be done to all of them.

use crate::{
    components::{
        admin_layout::AdminLayout,
        breadcrumbs::Breadcrumbs,
        button::{Submit, Weight},
        card::Card,
        field::Checkbox,
        form::{PostForm, Submitted},
        scripts::Scripts,
    },
    domain::{ids::JobId, time::Time},
    error::AppError,
    functions::bulk_codes::load_batch,
    islands::bulk_progress::BulkProgress,
    pages::{
        admin::{code_form::Expiry, code_mails::MailCodes, id},
        error::Problem,
        load, query,
    },
    text::texts,
    view_models::{
        bulk_codes::{BatchCodes, BatchPageData, BulkJob, BulkWords},
        stats::CountText,
    },
};
use leptos::{either::Either, prelude::*};

/// The page of the batch whose id stands in its address.
#[component]
pub fn BulkJobPage() -> impl IntoView {
    match id() {
        Some(id) => {
            Either::Left(load(load_batch(JobId(id), query("after")), |page| view! { <BulkJobView page=page /> }))
        }
        None => Either::Right(view! { <Problem error=AppError::NotFound.into() /> }),
    }
}

#[component]
fn BulkJobView(page: BatchPageData) -> impl IntoView {
    let BatchPageData { job, codes, mails } = page;
    let (id, there) = (job.id, codes.codes > 0);
    let trail = vec![("/admin/codes", texts().admin_codes()), ("/admin/codes/bulk", texts().bulk_title())];
    view! {
        <AdminLayout title=job.description.clone()>
            <Breadcrumbs trail=trail />
            <div class="single stack">
                <Creation job=job there=there />
                {there
                    .then(|| {
                        view! {
                            <MailCodes id=id mails=mails />
                            <Change id=id codes=codes />
                        }
                    })}
            </div>
            <Scripts />
        </AdminLayout>
    }
}

/// What was asked for, and how far it is.
#[component]
fn Creation(
    job: BulkJob,
    /// Whether codes of it are in the table.
    there: bool,
) -> impl IntoView {
    let texts = texts();
    let begins = (!job.prefix.is_empty()).then(|| format!("{} ", texts.bulk_begins(job.prefix.clone())));
    let requested = texts.bulk_requested(job.by.clone(), texts.moment(job.created_at));
    let codes = there.then(|| {
        let href = format!("/admin/codes?batch={}", job.id);
        view! {
            <a href=href>{texts.bulk_show_codes()}</a>
            " · "
        }
    });
    let (all, more) = (texts.bulk_all_codes(), texts.bulk_more());
    view! {
        <div class="card">
            <h1>{job.description.clone()}</h1>
            <p class="note">{begins} {requested}</p>
            <BulkProgress initial=job words=progress_words() />
            <p>
                {codes} <a href="/admin/codes">{all}</a> " · " <a href="/admin/codes/bulk">{more}</a>
            </p>
        </div>
    }
}

/// What can be done to all codes of the batch.
#[component]
fn Change(id: JobId, codes: BatchCodes) -> impl IntoView {
    let texts = texts();
    let note = texts.batch_note(texts.number(codes.codes), texts.number(codes.active), texts.number(codes.used));
    view! {
        <Card id="batch" title=texts.batch_title() note=note>
            <Switch id=id active=codes.active codes=codes.codes />
            <ChangeExpiry id=id at=codes.expires_at />
            <Delete id=id codes=codes />
        </Card>
    }
}

/// Buttons that switch those codes that are not so yet.
#[component]
fn Switch(id: JobId, active: i64, codes: i64) -> impl IntoView {
    let texts = texts();
    let off = (active > 0).then(|| view! { <SwitchTo id=id active=false text=texts.batch_switch_off() /> });
    let on = (active < codes).then(|| view! { <SwitchTo id=id active=true text=texts.batch_switch_on() /> });
    view! { <div class="actions">{off} {on}</div> }
}

#[component]
fn SwitchTo(id: JobId, active: bool, text: String) -> impl IntoView {
    view! {
        <PostForm name="switch_batch">
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="active" value=active.to_string() />
            <Submit weight=Weight::Plain>{text}</Submit>
        </PostForm>
    }
}

#[component]
fn ChangeExpiry(id: JobId, at: Option<Time>) -> impl IntoView {
    let text = texts().batch_expiry();
    view! {
        <PostForm name="set_batch_expiry">
            <input type="hidden" name="id" value=id.to_string() />
            <Expiry at=at new=false />
            <Submit weight=Weight::Plain>{text}</Submit>
        </PostForm>
    }
}

#[component]
fn Delete(id: JobId, codes: BatchCodes) -> impl IntoView {
    let texts = texts();
    let refused = !Submitted::by("delete_batch").errors.is_empty();
    let note = texts.batch_delete_note(texts.number(codes.codes));
    let history =
        (codes.used > 0).then(|| format!(" {}", texts.batch_delete_history(codes.used, texts.number(codes.used))));
    let confirm = texts.batch_delete_confirm(codes.codes, texts.number(codes.codes));
    let submit = texts.batch_delete_submit(codes.codes, texts.number(codes.codes));
    view! {
        <details open=refused>
            <summary>{texts.batch_delete()}</summary>
            <p>{note} {history}</p>
            <PostForm name="delete_batch">
                <input type="hidden" name="id" value=id.to_string() />
                <Checkbox name="confirmed">{confirm}</Checkbox>
                <Submit weight=Weight::Danger>{submit}</Submit>
            </PostForm>
        </details>
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
