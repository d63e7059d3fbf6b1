//! Who used a code when.

use super::{
    super::{actions::show_code, auth::Caller, state::Server, store::usages},
    Page, ROWS, file, refusal, refused,
};
use crate::{
    domain::{ids::CodeId, time::Time},
    error::AppError,
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
    State(server): State<Server>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    uri: Uri,
) -> Response {
    if let Some(refusal) = refusal(&caller, &uri) {
        return refusal;
    }
    let Ok(id) = id.parse().map(CodeId) else { return refused(&AppError::NotFound) };
    let code = match show_code::text(&server, id).await {
        Ok(code) => code,
        Err(error) => return refused(&error),
    };
    let start = (Time(i64::MAX), i64::MAX);
    file(server, &format!("usages-{code}.csv"), &COLUMNS, start, move |server, before| page(server, id, before)).await
}

async fn page(server: Server, id: CodeId, before: (Time, i64)) -> sqlx::Result<Page<(Time, i64)>> {
    let usages = usages::before(&mut server.db.read().await?, id, before, ROWS).await?;
    Ok(Page::of(
        usages,
        |usage| (usage.signed_up_at, usage.id),
        |usage| vec![usage.signed_up_at.stamp(), usage.username, usage.email],
    ))
}
