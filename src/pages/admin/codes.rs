//! The page with the table of campaign codes.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Notice,
        button::{LinkButton, Weight},
        form::Submitted,
        scripts::Scripts,
    },
    domain::codes::code::CodeStatus,
    error::AppError,
    functions::{bulk_codes::load_bulk_jobs, codes::load_codes},
    islands::codes_table::{CodesTable, query_string},
    pages::{admin::query, load},
    text::texts,
    view_models::{
        bulk_codes::{BulkJob, JobState},
        codes::CodesWords,
    },
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
    let texts = texts();
    let refused = Submitted::by("set_code_active").errors.into_iter().next().map(|error| error.message);
    let words = words(page.batch.clone());
    let (title, bulk, new) = (texts.codes_title(), texts.codes_bulk(), texts.codes_new());
    view! {
        <AdminLayout title=title.clone()>
            <div class="heading">
                <h1>{title}</h1>
                <div class="actions">
                    <LinkButton weight=Weight::Plain href="/admin/codes/bulk">
                        {bulk}
                    </LinkButton>
                    <LinkButton href="/admin/codes/new">{new}</LinkButton>
                </div>
            </div>
            {jobs.into_iter().filter(|job| job.state == JobState::Open).map(|job| view! { <Running job=job /> }).collect_view()}
            <CodesTable page=page words=words refused=refused.unwrap_or_default() />
            <Scripts />
        </AdminLayout>
    }
}

/// What the table says; `batch` is what the batch is for whose codes are shown alone.
fn words(batch: Option<String>) -> CodesWords {
    let texts = texts();
    CodesWords {
        caption: texts.codes_caption(),
        code: texts.codes_code(),
        status: texts.codes_status(),
        sign_ups: texts.codes_sign_ups(),
        clicks: texts.codes_clicks(),
        created: texts.codes_created(),
        expires: texts.codes_expires(),
        never: texts.codes_never(),
        beneficiary: texts.codes_beneficiary(),
        switch: texts.codes_switch(),
        switch_label: texts.codes_switch_label("{code}"),
        not_switched: texts.codes_not_switched("{code}"),
        category: texts.codes_category(),
        all: texts.codes_all(),
        person_hint: texts.codes_person_hint(),
        remove_filter: texts.codes_remove_filter(),
        batch: batch.map(|description| texts.codes_batch(description)).unwrap_or_default(),
        search: texts.list_search(),
        statuses: CodeStatus::ALL.map(|status| (status, texts.code_status(status))).to_vec(),
        empty_title: texts.codes_empty_title(),
        empty_note: texts.codes_empty_note(),
        nothing_title: texts.codes_nothing_title(),
        nothing_note: texts.codes_nothing_note(),
        show_all: texts.codes_show_all(),
        pages: texts.list_pages(),
        first_page: texts.list_first_page(),
        next_page: texts.list_next_page(),
        csv: texts.list_download(),
        unreachable: texts.error(&AppError::Unavailable),
    }
}

/// Codes that are still being created.
#[component]
fn Running(job: BulkJob) -> impl IntoView {
    let texts = texts();
    let sentence = texts.codes_running(texts.number(job.total), job.description);
    let link = texts.codes_running_link();
    view! {
        <Notice title=texts.codes_running_title()>
            {sentence} " " <a href=format!("/admin/codes/bulk/{}", job.id)>{link}</a>
        </Notice>
    }
}
