//! Campaign codes: those that the table's filter finds, or those that a job made.

use super::{
    super::{
        actions::show_codes::{self, row},
        auth::Caller,
        links::query_value,
        state::Server,
        store::code_pages::{self, Key, Wanted},
    },
    Page, ROWS, file, refusal, refused,
};
use crate::{
    components::status,
    domain::{
        ids::{CodeId, JobId, UserId},
        time::Time,
    },
    error::AppError,
};
use axum::{
    Extension,
    extract::{Path, State},
    http::Uri,
    response::Response,
};
use std::sync::Arc;

/// The columns, in order. Import takes those that describe a code and passes over the others.
pub const COLUMNS: [&str; 14] = [
    "id",
    "code",
    "link",
    "description",
    "category",
    "status",
    "active",
    "max_uses",
    "uses",
    "clicks",
    "unique_clicks",
    "expires_at",
    "beneficiary",
    "created_at",
];

/// Which codes.
#[derive(Clone, Default)]
struct Filter {
    q: String,
    status: String,
    category: String,
    beneficiary: Option<UserId>,
    job: Option<JobId>,
}

/// `GET /admin/codes.csv`: the newest first, filtered like the table.
pub async fn all(State(server): State<Server>, Extension(caller): Extension<Arc<Caller>>, uri: Uri) -> Response {
    if let Some(refusal) = refusal(&caller, &uri) {
        return refusal;
    }
    let value = |name| query_value(uri.query(), name).unwrap_or_default();
    let q = value("q").trim().to_ascii_uppercase();
    let beneficiary = match show_codes::beneficiary(&server, &value("beneficiary")).await {
        Ok(beneficiary) => beneficiary,
        Err(error) => return refused(&error),
    };
    let filter = Filter { q, status: value("status"), category: value("category"), beneficiary, job: None };
    table(server, "codes.csv", filter).await
}

/// `GET /admin/codes/bulk/{id}/codes.csv`: what a job made; nothing while it is not done.
pub async fn of_job(
    State(server): State<Server>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    uri: Uri,
) -> Response {
    if let Some(refusal) = refusal(&caller, &uri) {
        return refusal;
    }
    let Ok(id) = id.parse().map(JobId) else { return refused(&AppError::NotFound) };
    match super::super::actions::show_jobs::one(&server, id).await {
        Ok(_) => table(server, &format!("codes-{id}.csv"), Filter { job: Some(id), ..Filter::default() }).await,
        Err(error) => refused(&error),
    }
}

async fn table(server: Server, name: &str, filter: Filter) -> Response {
    let now = server.clock.now();
    let page = move |server, after| page(server, filter.clone(), now, after);
    file(server, name, &COLUMNS, None, page).await
}

async fn page(server: Server, filter: Filter, now: Time, after: Option<CodeId>) -> sqlx::Result<Page<Option<CodeId>>> {
    let wanted = Wanted {
        q: &filter.q,
        status: show_codes::status(&filter.status),
        category: &filter.category,
        beneficiary: filter.beneficiary,
        job: filter.job,
        descending: true,
        after: after.map(|id| (Key::Number(id.0), id)),
        limit: ROWS,
        ..Wanted::default()
    };
    let records = code_pages::page(&mut server.db.read().await?, &wanted).await?;
    Ok(Page::of(
        records,
        |last| Some(last.id),
        |record| {
            let unique_clicks = record.unique_clicks;
            let row = row(record, now);
            vec![
                row.id.to_string(),
                row.code.clone(),
                format!("{}/r/{}", server.base_url, row.code),
                row.description,
                row.category,
                status::name(row.status).to_owned(),
                row.active.to_string(),
                row.max_uses.to_string(),
                row.uses.to_string(),
                row.clicks.to_string(),
                unique_clicks.to_string(),
                row.expires_at.map(Time::stamp).unwrap_or_default(),
                row.beneficiary,
                row.created_at.stamp(),
            ]
        },
    ))
}
