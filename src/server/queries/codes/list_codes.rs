//! A page of campaign codes.

use crate::{
    domain::{
        codes::{
            bulk::default_length,
            campaign::DEFAULT_LIFETIME,
            code::{CodeKind, CodeStatus},
        },
        ids::{CodeId, JobId, UserId},
        plain_text::search_text,
    },
    error::AppError,
    server::{
        queries::{codes::bulk_jobs, split_page},
        state::AppState,
        store::{
            code_details,
            code_list::{self, CodeQuery},
            codes,
            db::Tx,
            job_list,
            name_search::{self, Matches},
        },
    },
    text::Texts,
    view_models::codes::{CodeFilter, CodeRow, CodesPage, NewCodesPageData},
};

/// Rows of a page.
const PAGE_SIZE: usize = 50;

/// Rows that are reloaded at once.
const MAX_ROWS: usize = 100;

/// A page of the table, as `texts` write it.
pub(crate) async fn run(state: &AppState, filter: CodeFilter, texts: &Texts) -> Result<CodesPage, AppError> {
    let mut tx = state.db.read().await?;
    let category = search_text(&filter.category);
    let code = code_named(&mut tx, &filter.q).await?;
    let beneficiary = beneficiary_named(&mut tx, &filter.beneficiary).await?;
    let batch = batch_named(&filter.batch);
    let query = CodeQuery {
        kind: Some(CodeKind::Campaign),
        code: code.as_ref(),
        status: CodeStatus::parse(&filter.status),
        category: &category,
        beneficiary: beneficiary.as_ref(),
        job: batch,
        sort: filter.sort,
        descending: filter.descending,
        after: filter.after.parse().ok(),
        limit: PAGE_SIZE as i64 + 1,
        now: state.clock.now(),
    };
    let rows = code_list::page(&mut tx, &query).await?;
    let (rows, next) = split_page(rows, PAGE_SIZE, |last| code_list::cursor(filter.sort, last));
    let job = match batch {
        Some(id) => job_list::by_id(&mut tx, id).await?.and_then(|job| bulk_jobs::bulk_job(job, texts)),
        None => None,
    };
    Ok(CodesPage {
        found: texts.codes_found(rows.len()),
        rows: rows.into_iter().map(|code| texts.code_row(code)).collect(),
        next,
        batch: batch.map(|id| job.map_or_else(|| id.to_string(), |job| job.description)),
        categories: codes::categories(&mut tx).await?,
        filter,
    })
}

/// The codes that a filter names.
pub async fn code_named(tx: &mut Tx, text: &str) -> sqlx::Result<Option<Matches<CodeId>>> {
    match search_text(text).as_str() {
        "" => Ok(None),
        text => name_search::codes(tx, text).await.map(Some),
    }
}

/// The beneficiaries that a filter names.
pub async fn beneficiary_named(tx: &mut Tx, name: &str) -> sqlx::Result<Option<Matches<UserId>>> {
    match search_text(name).as_str() {
        "" => Ok(None),
        name => name_search::people(tx, name).await.map(Some),
    }
}

/// The batch that a filter names; one that created no code when it is none.
pub fn batch_named(text: &str) -> Option<JobId> {
    match text.trim() {
        "" => None,
        id => Some(JobId(id.parse().unwrap_or_default())),
    }
}

/// Rows of an open table as they are now.
pub(crate) async fn rows(state: &AppState, ids: &[CodeId], texts: &Texts) -> Result<Vec<CodeRow>, AppError> {
    let ids = &ids[..ids.len().min(MAX_ROWS)];
    let rows = code_details::campaigns_by_ids(&mut state.db.read().await?, ids, state.clock.now()).await?;
    Ok(rows.into_iter().map(|code| texts.code_row(code)).collect())
}

/// What the forms for new codes begin with.
pub async fn blank(state: &AppState) -> Result<NewCodesPageData, AppError> {
    Ok(NewCodesPageData {
        categories: codes::categories(&mut state.db.read().await?).await?,
        expires_at: state.clock.now().plus(DEFAULT_LIFETIME),
        bulk_length: default_length(&state.settings.get()),
    })
}
