//! The CSV export of users: those that the list's search finds.

use crate::{
    domain::{plain_text::search_text, query_string::query_value, time::Time},
    server::{
        context::request_context::Identity,
        exports::{PAGE_SIZE, RowPage, plain_error, refuse_others, stream_csv},
        state::AppState,
        store::user_list::{self, UserExportRow, UserSearch},
    },
};
use axum::{Extension, extract::State, http::Uri, response::Response};
use std::sync::Arc;

/// The columns, in order. Import takes those that describe a person and passes over the others.
pub const COLUMNS: [&str; 17] = [
    "id",
    "email",
    "username",
    "full_name",
    "phone",
    "external_id",
    "account_id",
    "locale",
    "referral_goal",
    "role",
    "disabled",
    "code",
    "referred_by",
    "signups",
    "clicks",
    "conversions",
    "created_at",
];

/// `GET /admin/users.csv`: the newest first, found like the list.
pub async fn all(State(state): State<AppState>, Extension(identity): Extension<Arc<Identity>>, uri: Uri) -> Response {
    if let Some(refusal) = refuse_others(&identity, &uri) {
        return refusal;
    }
    let q = search_text(&query_value(uri.query(), "q").unwrap_or_default());
    let wanted = match search(&state, &q).await {
        Ok(wanted) => wanted,
        Err(error) => return plain_error(&error.into()),
    };
    stream_csv(state, "users.csv", &COLUMNS, i64::MAX, move |state, before| page(state, wanted.clone(), before)).await
}

async fn search(state: &AppState, q: &str) -> sqlx::Result<Option<UserSearch>> {
    match q {
        "" => Ok(None),
        q => UserSearch::of(&mut state.db.read().await?, q).await.map(Some),
    }
}

async fn page(state: AppState, wanted: Option<UserSearch>, before: i64) -> sqlx::Result<RowPage<i64>> {
    let users = user_list::export_page(&mut state.db.read().await?, wanted.as_ref(), before, PAGE_SIZE).await?;
    Ok(RowPage::of(users, |user| user.id.0, row))
}

fn row(user: UserExportRow) -> Vec<String> {
    vec![
        user.id.to_string(),
        user.email,
        user.username,
        user.full_name.unwrap_or_default(),
        user.phone.unwrap_or_default(),
        user.external_id.unwrap_or_default(),
        user.account_id.unwrap_or_default(),
        user.locale.unwrap_or_default(),
        user.goal.to_string(),
        user.role,
        user.disabled_at.is_some().to_string(),
        user.code,
        user.referred_by,
        user.signups.to_string(),
        user.clicks.to_string(),
        user.conversions.to_string(),
        Time::stamp(user.created_at),
    ]
}
