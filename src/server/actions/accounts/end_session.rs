//! Ending one of one's own sessions.

use crate::{
    domain::ids::SessionId,
    error::AppError,
    server::{actions::accounts::own_account, auth::sessions::SignedIn, state::AppState, store::sessions},
};

/// *Not found* for a session that is not the user's own.
pub async fn run(state: &AppState, user: &SignedIn, session: SessionId) -> Result<(), AppError> {
    let mut tx = state.db.begin().await?;
    own_account::lock(&mut tx, user).await?;
    if !sessions::end(&mut tx, user.user, session).await? {
        return Err(AppError::NotFound);
    }
    Ok(tx.commit().await?)
}
