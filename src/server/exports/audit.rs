//! The CSV export of the audit log.

use crate::{
    domain::{plain_text::search_text, query_string::query_value},
    server::{
        context::request_context::Identity,
        exports::{PAGE_SIZE, RowPage, refuse_others, stream_csv},
        state::AppState,
        store::audit::{self, AuditEntry},
    },
};
use axum::{Extension, extract::State, http::Uri, response::Response};
use std::sync::Arc;

const COLUMNS: [&str; 7] = ["id", "at", "actor", "action", "target", "before", "after"];

/// `GET /admin/audit.csv`: the latest first; of one action, or of all.
pub async fn all(State(state): State<AppState>, Extension(identity): Extension<Arc<Identity>>, uri: Uri) -> Response {
    if let Some(refusal) = refuse_others(&identity, &uri) {
        return refusal;
    }
    let action = search_text(&query_value(uri.query(), "action").unwrap_or_default());
    stream_csv(state, "audit.csv", &COLUMNS, i64::MAX, move |state, before| page(state, action.clone(), before)).await
}

async fn page(state: AppState, action: String, before: i64) -> sqlx::Result<RowPage<i64>> {
    let entries = audit::page(&mut state.db.read().await?, &action, before, PAGE_SIZE).await?;
    Ok(RowPage::of(entries, |entry| entry.id, row))
}

fn row(entry: AuditEntry) -> Vec<String> {
    vec![entry.id.to_string(), entry.at.stamp(), entry.actor, entry.action, entry.target, entry.before, entry.after]
}
