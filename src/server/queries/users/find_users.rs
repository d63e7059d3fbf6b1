//! Users whose e-mail or username begins in a certain way, as choices.

use crate::{
    domain::accounts::email::search_form,
    error::AppError,
    server::{state::AppState, store::user_list},
    view_models::users::UserSuggestion,
};

/// Choices that are offered.
const LIMIT: i64 = 10;

/// The first by e-mail of those that are found; nobody for an empty beginning.
pub async fn run(state: &AppState, q: &str) -> Result<Vec<UserSuggestion>, AppError> {
    let q = search_form(q);
    if q.is_empty() {
        return Ok(vec![]);
    }
    Ok(user_list::suggestions(&mut state.db.read().await?, &q, LIMIT).await?)
}
