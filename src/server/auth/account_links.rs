//! Finding links by the secrets in them.

use crate::{
    domain::{accounts::account_link::LinkPurpose, time::Time},
    error::AppError,
    server::{
        auth::sessions::{hash_token, is_token},
        store::{
            account_links::{self, AccountLinkRecord},
            db::Tx,
        },
    },
};

/// The link of a token, if it can be used for one of these purposes. It stays as it is.
pub async fn find(
    tx: &mut Tx,
    token: &str,
    purposes: &[LinkPurpose],
    now: Time,
) -> Result<AccountLinkRecord, AppError> {
    if !is_token(token) {
        return Err(AppError::LinkExpired);
    }
    let found = account_links::usable(tx, &hash_token(token), now).await?;
    found.filter(|link| purposes.contains(&link.purpose)).ok_or(AppError::LinkExpired)
}
