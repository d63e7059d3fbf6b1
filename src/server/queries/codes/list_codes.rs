//! A page of campaign codes.

use crate::{
    domain::{
        codes::{
            bulk::default_length,
            campaign::DEFAULT_LIFETIME,
            code::{CodeKind, CodeStatus},
        },
        ids::{CodeId, UserId},
        plain_text::search_text,
    },
    error::AppError,
    server::{
        queries::split_page,
        state::AppState,
        store::{
            code_details,
            code_list::{self, CodeQuery},
            codes,
            db::Tx,
            users,
        },
    },
    view_models::codes::{CodeDetails, CodeFilter, CodesPage, NewCodesPageData},
};

/// Rows of a page.
const PAGE_SIZE: usize = 50;

/// Rows that are reloaded at once.
const MAX_ROWS: usize = 100;

/// No user has this id.
const NOBODY: UserId = UserId(0);

pub async fn run(state: &AppState, filter: CodeFilter) -> Result<CodesPage, AppError> {
    let mut tx = state.db.read().await?;
    let (q, category) = (search_text(&filter.q).to_ascii_uppercase(), search_text(&filter.category));
    let query = CodeQuery {
        kind: Some(CodeKind::Campaign),
        q: &q,
        status: CodeStatus::parse(&filter.status),
        category: &category,
        beneficiary: beneficiary_named(&mut tx, &filter.beneficiary).await?,
        job: None,
        sort: filter.sort,
        descending: filter.descending,
        after: filter.after.parse().ok(),
        limit: PAGE_SIZE as i64 + 1,
        now: state.clock.now(),
    };
    let rows = code_list::page(&mut tx, &query).await?;
    let (rows, next) = split_page(rows, PAGE_SIZE, |last| code_list::cursor(filter.sort, last));
    Ok(CodesPage {
        rows,
        next,
        categories: codes::categories(&mut tx).await?,
        base_url: state.base_url.clone(),
        filter,
    })
}

/// The beneficiary that a filter names; somebody who has no code when there is no such user.
pub async fn beneficiary_named(tx: &mut Tx, name: &str) -> sqlx::Result<Option<UserId>> {
    match name.trim() {
        "" => Ok(None),
        name => Ok(users::named(tx, name).await?.or(Some(NOBODY))),
    }
}

/// Rows of an open table as they are now.
pub async fn rows(state: &AppState, ids: &[CodeId]) -> Result<Vec<CodeDetails>, AppError> {
    let ids = &ids[..ids.len().min(MAX_ROWS)];
    Ok(code_details::campaigns_by_ids(&mut state.db.read().await?, ids, state.clock.now()).await?)
}

/// What the forms for new codes begin with.
pub async fn blank(state: &AppState) -> Result<NewCodesPageData, AppError> {
    Ok(NewCodesPageData {
        categories: codes::categories(&mut state.db.read().await?).await?,
        expires_at: state.clock.now().plus(DEFAULT_LIFETIME),
        bulk_length: default_length(&state.settings.get()),
    })
}
