//! All campaign codes.

use super::{super::load, query};
use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Notice,
        button::{LinkButton, Weight},
        form::Submitted,
        scripts::Scripts,
        text::counted,
    },
    functions::{
        bulk::{BulkJob, JobState, load_bulks},
        campaigns::{self, load_codes},
    },
    islands::codes_table::{CodesTable, address},
};
use leptos::prelude::*;

/// The table of codes. What it shows stands in its address.
#[component]
pub fn CodesPage() -> impl IntoView {
    let filter = address::read(|name| Some(query(name)).filter(|value| !value.is_empty()));
    let data = async { Ok((load_codes(filter).await?, load_bulks().await?)) };
    load(data, |(page, jobs)| view! { <CodesView page=page jobs=jobs /> })
}

#[component]
fn CodesView(page: campaigns::CodesPage, jobs: Vec<BulkJob>) -> impl IntoView {
    let refused = Submitted::by("switch_code").errors.into_iter().next().map(|error| error.message);
    view! {
        <AdminLayout title="Codes">
            <div class="heading">
                <h1>"Codes"</h1>
                <div class="actions">
                    <LinkButton weight=Weight::Plain href="/admin/codes/bulk">"Many at once"</LinkButton>
                    <LinkButton href="/admin/codes/new">"New code"</LinkButton>
                </div>
            </div>
            {jobs.into_iter().filter(|job| job.state == JobState::Open).map(|job| view! { <Running job=job /> }).collect_view()}
            <CodesTable page=page refused=refused.unwrap_or_default() />
            <Scripts />
        </AdminLayout>
    }
}

/// Codes that are still being made.
#[component]
fn Running(job: BulkJob) -> impl IntoView {
    view! {
        <Notice title="Codes are being made.">
            {counted(job.total, "code", "codes")} " for “" {job.description} "”. "
            <a href=format!("/admin/codes/bulk/{}", job.id)>"See how far they are"</a>
        </Notice>
    }
}
