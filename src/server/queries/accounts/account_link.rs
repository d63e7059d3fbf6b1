//! What the pages show that links in mails lead to. Looking at a link does not use it: programs that check mails follow
//! every link.

use crate::{
    domain::accounts::{account_link::LinkPurpose, email::readable},
    error::AppError,
    server::{
        auth::{account_links, caller::Caller},
        state::AppState,
        store::account_links::AccountLinkRecord,
    },
    view_models::account_links::{ConfirmPage, ResetPage, SignInLinkPage},
};

async fn find(state: &AppState, token: &str, purposes: &[LinkPurpose]) -> Result<AccountLinkRecord, AppError> {
    account_links::find(&mut state.db.read().await?, token, purposes, state.clock.now()).await
}

/// Whose password is to be chosen.
pub async fn reset(state: &AppState, token: &str) -> Result<ResetPage, AppError> {
    let link = find(state, token, &[LinkPurpose::ResetPassword]).await?;
    Ok(ResetPage { email: readable(&link.email).into_owned() })
}

/// Which address is to be confirmed.
pub async fn confirm(state: &AppState, token: &str) -> Result<ConfirmPage, AppError> {
    let link = find(state, token, &LinkPurpose::CONFIRM).await?;
    let email = readable(&link.email).into_owned();
    Ok(ConfirmPage { username: link.username, email, changes: link.purpose == LinkPurpose::ChangeEmail })
}

/// Who is to be signed in.
pub async fn sign_in(state: &AppState, caller: &Caller, token: &str) -> Result<SignInLinkPage, AppError> {
    let link = find(state, token, &LinkPurpose::SIGN_IN).await?;
    // Nobody is signed in as somebody else without a word.
    let other = caller.signed_in()?.is_some_and(|signed_in| signed_in.user != link.user_id);
    Ok(SignInLinkPage { username: link.username, at_once: link.purpose == LinkPurpose::Login && !other })
}
