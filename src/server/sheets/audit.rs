//! The audit log.

use super::{
    super::{
        auth::Caller,
        links::query_value,
        state::Server,
        store::audit::{self, Entry},
    },
    Page, ROWS, file, refusal,
};
use axum::{Extension, extract::State, http::Uri, response::Response};
use std::sync::Arc;

const COLUMNS: [&str; 7] = ["id", "at", "actor", "action", "target", "before", "after"];

/// `GET /admin/audit.csv`: the latest first; of one action, or of all.
pub async fn all(State(server): State<Server>, Extension(caller): Extension<Arc<Caller>>, uri: Uri) -> Response {
    if let Some(refusal) = refusal(&caller, &uri) {
        return refusal;
    }
    let action = query_value(uri.query(), "action").unwrap_or_default();
    file(server, "audit.csv", &COLUMNS, i64::MAX, move |server, before| page(server, action.clone(), before)).await
}

async fn page(server: Server, action: String, before: i64) -> sqlx::Result<Page<i64>> {
    let entries = audit::page(&mut server.db.read().await?, &action, before, ROWS).await?;
    Ok(Page::of(entries, |entry| entry.id, row))
}

fn row(entry: Entry) -> Vec<String> {
    vec![entry.id.to_string(), entry.at.stamp(), entry.actor, entry.action, entry.target, entry.before, entry.after]
}
