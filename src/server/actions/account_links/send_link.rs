//! Mailing a link to whoever has an address: for a new password, or to sign in. Nobody learns whether somebody has it.

use crate::{
    domain::{
        accounts::{account_link::LinkPurpose, email::Email},
        path::LocalPath,
    },
    error::AppError,
    server::{
        actions::account_links::mail_link,
        auth::{caller::Caller, rate_limiter::RateLimit},
        state::AppState,
        store::{account_links::NewAccountLink, rights, users},
    },
};
use std::time::Duration;

/// No answer comes earlier, so that it does not tell by its time what was done.
const ANSWER_AFTER: Duration = Duration::from_millis(250);

/// Sends the link where there is an account that may come in; the answer is the same in any case. The link leads to
/// `next`, if that is a page of this site.
pub async fn run(
    state: &AppState,
    caller: &Caller,
    purpose: LinkPurpose,
    email: &str,
    next: &str,
    locale: &str,
) -> Result<(), AppError> {
    state.rate_limiter.network(RateLimit::MailLink, caller.client_ip.0)?;
    let email = Email::parse(email).map_err(|message| AppError::invalid("email", message))?;
    state.rate_limiter.mail_to(purpose, email.as_str())?;
    let next = LocalPath::parse(next);
    let sent = send(state, purpose, &email, next.as_ref(), locale);
    let (sent, ()) = tokio::join!(sent, tokio::time::sleep(ANSWER_AFTER));
    sent
}

async fn send(
    state: &AppState,
    purpose: LinkPurpose,
    email: &Email,
    next: Option<&LocalPath>,
    locale: &str,
) -> Result<(), AppError> {
    let mut tx = state.db.begin().await?;
    rights::share(&mut tx).await?;
    let user = users::by_email(&mut tx, email).await?.filter(|user| user.disabled_at.is_none());
    if let Some(user) = user {
        let next = next.map(LocalPath::as_str);
        let link = NewAccountLink { user: user.id, purpose, email: email.as_str(), next, now: state.clock.now() };
        mail_link::run_in(&mut tx, &link, locale).await?;
    }
    tx.commit().await?;
    state.new_job.send_replace(());
    Ok(())
}
