//! Users by a part of their e-mail or username, as choices.

use crate::{
    domain::plain_text::search_text,
    error::AppError,
    server::{
        state::AppState,
        store::{name_search, user_list},
    },
    view_models::users::UserSuggestion,
};

/// Choices that are offered.
const LIMIT: i64 = 10;

/// The first of those that are found; nobody for an empty text.
pub async fn run(state: &AppState, q: &str) -> Result<Vec<UserSuggestion>, AppError> {
    let q = search_text(q);
    if q.is_empty() {
        return Ok(vec![]);
    }
    let mut tx = state.db.read().await?;
    let found = name_search::people(&mut tx, &q).await?;
    Ok(user_list::suggestions(&mut tx, &found, LIMIT).await?)
}
