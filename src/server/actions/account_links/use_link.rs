//! Using a link up, within the transaction that does what it is for.

use crate::{
    domain::accounts::account_link::LinkPurpose,
    error::AppError,
    server::{
        auth::account_links::find,
        errors::TxError,
        state::AppState,
        store::{
            account_links::{self, AccountLinkRecord},
            db::Tx,
            referrals, rights,
            users::{self, UserRecord},
        },
    },
};

/// Begins the transaction, in which nobody else changes the account, and uses the link up. Of several that try at once,
/// one succeeds.
pub async fn begin(
    state: &AppState,
    token: &str,
    purposes: &[LinkPurpose],
) -> Result<(Tx, AccountLinkRecord, UserRecord), TxError> {
    let user = find(&mut state.db.read().await?, token, purposes, state.clock.now()).await?.user_id;
    let mut tx = state.db.begin().await?;
    rights::share(&mut tx).await?;
    // In the order in which others hold them.
    referrals::lock(&mut tx, &[user]).await?;
    let account = users::lock(&mut tx, user).await?.ok_or(AppError::LinkExpired)?;
    let link = find(&mut tx, token, purposes, state.clock.now()).await?;
    if !account_links::use_up(&mut tx, link.id).await? {
        return Err(AppError::LinkExpired.into());
    }
    Ok((tx, link, account))
}
