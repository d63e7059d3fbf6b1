//! The CSV export of campaign codes: those that the table's filter finds, or those of a job.

use crate::{
    domain::{
        codes::code::{CodeKind, CodeStatus},
        cursor::Cursor,
        ids::{CodeId, JobId, UserId},
        plain_text::search_text,
        query_string::query_value,
        time::Time,
    },
    error::AppError,
    server::{
        context::request_context::Identity,
        exports::{PAGE_SIZE, RowPage, plain_error, refuse_others, stream_csv},
        queries::codes::{bulk_jobs, list_codes},
        state::AppState,
        store::{
            code_list::{self, CodeQuery},
            name_search::Matches,
        },
    },
    text::texts,
};
use axum::{
    Extension,
    extract::{Path, State},
    http::Uri,
    response::Response,
};
use std::sync::Arc;

/// The columns, in order. Import takes those that describe a code and passes over the others.
pub const COLUMNS: [&str; 15] = [
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
    "conversions",
    "expires_at",
    "beneficiary",
    "created_at",
];

/// Which codes.
#[derive(Clone, Default)]
struct Filter {
    code: Option<Matches<CodeId>>,
    status: Option<CodeStatus>,
    category: String,
    beneficiary: Option<Matches<UserId>>,
    job: Option<JobId>,
}

/// `GET /admin/codes.csv`: the newest first, filtered like the table.
pub async fn all(State(state): State<AppState>, Extension(identity): Extension<Arc<Identity>>, uri: Uri) -> Response {
    if let Some(refusal) = refuse_others(&identity, &uri) {
        return refusal;
    }
    let value = |name| search_text(&query_value(uri.query(), name).unwrap_or_default());
    let (code, beneficiary) = match named(&state, &value("q"), &value("beneficiary")).await {
        Ok(named) => named,
        Err(error) => return plain_error(&error.into()),
    };
    let status = CodeStatus::parse(&value("status"));
    let job = list_codes::batch_named(&value("batch"));
    table(state, "codes.csv", Filter { code, status, category: value("category"), beneficiary, job }).await
}

type Named = (Option<Matches<CodeId>>, Option<Matches<UserId>>);

async fn named(state: &AppState, code: &str, beneficiary: &str) -> sqlx::Result<Named> {
    let mut tx = state.db.read().await?;
    Ok((list_codes::code_named(&mut tx, code).await?, list_codes::beneficiary_named(&mut tx, beneficiary).await?))
}

/// `GET /admin/codes/bulk/{id}/codes.csv`: what a job made; nothing while it is not done.
pub async fn of_job(
    State(state): State<AppState>,
    Extension(identity): Extension<Arc<Identity>>,
    Path(id): Path<String>,
    uri: Uri,
) -> Response {
    if let Some(refusal) = refuse_others(&identity, &uri) {
        return refusal;
    }
    let Ok(id) = id.parse().map(JobId) else { return plain_error(&AppError::NotFound) };
    match bulk_jobs::one(&state, id, &texts()).await {
        Ok(_) => table(state, &format!("codes-{id}.csv"), Filter { job: Some(id), ..Filter::default() }).await,
        Err(error) => plain_error(&error),
    }
}

async fn table(state: AppState, name: &str, filter: Filter) -> Response {
    let now = state.clock.now();
    let page = move |state, after| page(state, filter.clone(), now, after);
    stream_csv(state, name, &COLUMNS, None, page).await
}

async fn page(
    state: AppState,
    filter: Filter,
    now: Time,
    after: Option<Cursor>,
) -> sqlx::Result<RowPage<Option<Cursor>>> {
    let query = CodeQuery {
        kind: Some(CodeKind::Campaign),
        code: filter.code.as_ref(),
        status: filter.status,
        category: &filter.category,
        beneficiary: filter.beneficiary.as_ref(),
        job: filter.job,
        descending: true,
        after,
        limit: PAGE_SIZE,
        now,
        ..CodeQuery::default()
    };
    let codes = code_list::page(&mut state.db.read().await?, &query).await?;
    Ok(RowPage::of(
        codes,
        |last| Some(Cursor::of_id(last.id.0)),
        |code| {
            vec![
                code.id.to_string(),
                code.code.clone(),
                format!("{}/r/{}", state.base_url, code.code),
                code.description,
                code.category.unwrap_or_default(),
                code.status.name().to_owned(),
                code.active.to_string(),
                code.max_uses.map(|most| most.to_string()).unwrap_or_default(),
                code.uses.to_string(),
                code.clicks.to_string(),
                code.unique_clicks.to_string(),
                code.conversions.to_string(),
                code.expires_at.map(Time::stamp).unwrap_or_default(),
                code.beneficiary_email.unwrap_or_default(),
                code.created_at.stamp(),
            ]
        },
    ))
}
