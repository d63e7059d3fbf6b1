//! Users, as the list of users finds them.

use super::{
    super::{
        auth::Caller,
        links::query_value,
        state::Server,
        store::people::{self, Line},
    },
    Page, ROWS, file, refusal,
};
use crate::domain::time::Time;
use axum::{Extension, extract::State, http::Uri, response::Response};
use std::sync::Arc;

/// The columns, in order. Import takes those that describe a person and passes over the others.
pub const COLUMNS: [&str; 15] = [
    "id",
    "email",
    "username",
    "full_name",
    "phone",
    "external_id",
    "locale",
    "referral_goal",
    "role",
    "disabled",
    "code",
    "referred_by",
    "signups",
    "clicks",
    "created_at",
];

/// `GET /admin/users.csv`: the newest first, found like the list.
pub async fn all(State(server): State<Server>, Extension(caller): Extension<Arc<Caller>>, uri: Uri) -> Response {
    if let Some(refusal) = refusal(&caller, &uri) {
        return refusal;
    }
    let q = query_value(uri.query(), "q").unwrap_or_default().trim().to_lowercase();
    file(server, "users.csv", &COLUMNS, i64::MAX, move |server, before| page(server, q.clone(), before)).await
}

async fn page(server: Server, q: String, before: i64) -> sqlx::Result<Page<i64>> {
    let lines = people::lines(&mut server.db.read().await?, &q, before, ROWS).await?;
    Ok(Page::of(lines, |line| line.id.0, row))
}

fn row(line: Line) -> Vec<String> {
    vec![
        line.id.to_string(),
        line.email,
        line.username,
        line.full_name.unwrap_or_default(),
        line.phone.unwrap_or_default(),
        line.external_id.unwrap_or_default(),
        line.locale.unwrap_or_default(),
        line.referral_goal.to_string(),
        line.role,
        line.disabled_at.is_some().to_string(),
        line.code.unwrap_or_default(),
        line.referred_by.unwrap_or_default(),
        line.signups.to_string(),
        line.clicks.to_string(),
        Time::stamp(line.created_at),
    ]
}
