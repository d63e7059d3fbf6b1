//! Sending the mail once more by which somebody confirms their address.

use crate::{
    domain::accounts::account_link::LinkPurpose,
    error::AppError,
    server::{
        actions::{account_links::mail_link, accounts::own_account},
        auth::{rate_limiter::RateLimit, sessions::SignedIn},
        state::AppState,
        store::{account_links::NewAccountLink, users},
    },
};

/// Sends it; nothing where the address is confirmed already.
pub async fn run(state: &AppState, user: &SignedIn, locale: &str) -> Result<(), AppError> {
    state.rate_limiter.session(RateLimit::MailLink, user.session)?;
    let mut tx = state.db.begin().await?;
    let account = own_account::lock(&mut tx, user).await?;
    let standing = users::standing_of(&mut tx, &[user.user]).await?.pop();
    if standing.is_some_and(|standing| standing.email_verified_at.is_some()) {
        return Ok(());
    }
    state.rate_limiter.mail_to(LinkPurpose::VerifyEmail, &account.email)?;
    let link = NewAccountLink {
        user: account.id,
        purpose: LinkPurpose::VerifyEmail,
        email: &account.email,
        next: None,
        now: state.clock.now(),
    };
    mail_link::run_in(&mut tx, &link, locale).await?;
    tx.commit().await?;
    state.new_job.send_replace(());
    Ok(())
}
