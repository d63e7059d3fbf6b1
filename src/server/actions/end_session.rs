//! Ending one of one's own sessions.

use super::super::{auth::SignedIn, door::Door, store::sessions};
use crate::{domain::ids::SessionId, error::AppError};

/// *Not found* for a session that is not the user's own.
pub async fn run(door: &Door, user: &SignedIn, session: SessionId) -> Result<(), AppError> {
    let mut tx = door.server.db.begin().await?;
    if !sessions::end(&mut tx, user.user, session).await? {
        return Err(AppError::NotFound);
    }
    tx.commit().await?;
    Ok(())
}
