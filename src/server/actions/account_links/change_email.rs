//! Asking for another address of one's own account. It is changed when the new one is confirmed.

use crate::{
    domain::{
        accounts::{account_link::LinkPurpose, email::Email},
        message::Message,
    },
    error::AppError,
    server::{
        actions::{account_links::mail_link, accounts::own_account},
        auth::{rate_limiter::RateLimit, sessions::SignedIn},
        errors::internal,
        state::AppState,
        store::{account_links::NewAccountLink, users},
    },
};

/// Mails a link to the new address. The answer is the same for one that somebody else has: nothing is sent there.
pub async fn run(
    state: &AppState,
    user: &SignedIn,
    email: &str,
    current: String,
    locale: &str,
) -> Result<(), AppError> {
    state.rate_limiter.session(RateLimit::OwnPassword, user.session)?;
    let account = users::by_id(&mut state.db.read().await?, user.user).await?.ok_or(AppError::SignedOut)?;
    let email = Email::parse(email).map_err(|message| AppError::invalid("email", message))?;
    if email.as_str() == account.email {
        return Err(AppError::invalid("email", Message::EmailUnchanged));
    }
    let wrong = || AppError::invalid("current", Message::CurrentPasswordWrong);
    if !state.passwords.check(current, account.password_hash.clone()).await.map_err(internal)? {
        return Err(wrong());
    }
    state.rate_limiter.mail_to(LinkPurpose::ChangeEmail, email.as_str())?;
    let mut tx = state.db.begin().await?;
    let now = own_account::lock(&mut tx, user).await?;
    if now.password_hash != account.password_hash {
        return Err(wrong());
    }
    if users::by_email(&mut tx, &email).await?.is_none() {
        let link = NewAccountLink {
            user: account.id,
            purpose: LinkPurpose::ChangeEmail,
            email: email.as_str(),
            next: None,
            now: state.clock.now(),
        };
        mail_link::run_in(&mut tx, &link, locale).await?;
    }
    tx.commit().await?;
    state.new_job.send_replace(());
    Ok(())
}
