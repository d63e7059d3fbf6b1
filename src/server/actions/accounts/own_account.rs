//! One's own account, read again in the transaction that changes it.

use crate::{
    error::AppError,
    server::{
        auth::sessions::SignedIn,
        store::{
            db::Tx,
            sessions,
            users::{self, UserRecord},
        },
    },
};

/// The account, which nobody else changes until the transaction ends. *Signed out* when the session has ended
/// meanwhile, or the account is disabled or gone.
pub async fn lock(tx: &mut Tx, signed_in: &SignedIn) -> Result<UserRecord, AppError> {
    let account = users::lock(tx, signed_in.user).await?.ok_or(AppError::SignedOut)?;
    match sessions::role_of(tx, signed_in.session).await? {
        Some(_) => Ok(account),
        None => Err(AppError::SignedOut),
    }
}
