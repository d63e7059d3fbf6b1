//! Choosing the language of one's own account.

use crate::{
    error::AppError,
    server::{actions::accounts::own_account, auth::sessions::SignedIn, state::AppState, store::users},
};

/// Keeps the language, a tag like `es`, with the account.
pub async fn run(state: &AppState, user: &SignedIn, locale: &str) -> Result<(), AppError> {
    let mut tx = state.db.begin().await?;
    own_account::lock(&mut tx, user).await?;
    users::set_locale(&mut tx, user.user, locale).await?;
    tx.commit().await?;
    Ok(())
}
