//! The CSV export of a code's usages.

use crate::{
    domain::{cursor::Cursor, ids::CodeId},
    error::AppError,
    server::{
        context::request_context::Identity,
        exports::{PAGE_SIZE, RowPage, plain_error, refuse_others, stream_csv},
        queries::codes::get_code,
        state::AppState,
        store::referrals,
    },
};
use axum::{
    Extension,
    extract::{Path, State},
    http::Uri,
    response::Response,
};
use std::sync::Arc;

const COLUMNS: [&str; 3] = ["signed_up_at", "username", "email"];

/// `GET /admin/codes/{id}/usages.csv`: the latest first.
pub async fn all(
    State(state): State<AppState>,
    Extension(identity): Extension<Arc<Identity>>,
    Path(id): Path<String>,
    uri: Uri,
) -> Response {
    if let Some(refusal) = refuse_others(&identity, &uri) {
        return refusal;
    }
    let Ok(id) = id.parse().map(CodeId) else { return plain_error(&AppError::NotFound) };
    let code = match get_code::text(&state, id).await {
        Ok(code) => code,
        Err(error) => return plain_error(&error),
    };
    stream_csv(state, &format!("usages-{code}.csv"), &COLUMNS, None, move |state, after| page(state, id, after)).await
}

async fn page(state: AppState, id: CodeId, after: Option<Cursor>) -> sqlx::Result<RowPage<Option<Cursor>>> {
    let usages = referrals::of_code(&mut state.db.read().await?, id, None, after.as_ref(), PAGE_SIZE).await?;
    Ok(RowPage::of(
        usages,
        |usage| Some(usage.cursor()),
        |usage| vec![usage.signed_up_at.stamp(), usage.referee_name, usage.referee_email.unwrap_or_default()],
    ))
}
