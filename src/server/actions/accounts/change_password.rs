//! Changing one's password: all sessions and links end, and this browser gets a new session.

use crate::{
    domain::{
        accounts::password,
        mails::{Mail, NewMail},
        message::Message,
    },
    error::AppError,
    server::{
        actions::accounts::{
            own_account,
            start_session::{self, NewSession},
        },
        auth::{caller::Caller, rate_limiter::RateLimit, sessions::SignedIn},
        clicks::attribution_cookie::AttributionCookie,
        errors::internal,
        state::AppState,
        store::{account_links, mails, sessions, users},
    },
};

pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    user: &SignedIn,
    current: String,
    new: String,
    locale: &str,
) -> Result<NewSession, AppError> {
    state.rate_limiter.session(RateLimit::OwnPassword, user.session)?;
    let account = users::by_id(&mut state.db.read().await?, user.user).await?.ok_or(AppError::SignedOut)?;
    if let Some(message) = password::problem(&new, &[&account.email, &account.username]) {
        return Err(AppError::invalid("password", message));
    }
    let wrong = || AppError::invalid("current", Message::CurrentPasswordWrong);
    if !state.passwords.check(current, account.password_hash.clone()).await.map_err(internal)? {
        return Err(wrong());
    }
    let hash = state.passwords.hash(new, state.rng.bytes()).await.map_err(internal)?;
    let mut tx = state.db.begin().await?;
    if own_account::lock(&mut tx, user).await?.password_hash != account.password_hash {
        return Err(wrong());
    }
    users::set_password(&mut tx, user.user, &hash).await?;
    sessions::end_all(&mut tx, user.user).await?;
    account_links::end_all(&mut tx, user.user).await?;
    let mail = NewMail {
        to: account.email,
        user_id: Some(user.user),
        mail: Mail::PasswordChanged,
        locale: Some(locale.to_owned()),
        expires_at: None,
    };
    mails::enqueue(&mut tx, &mail, state.clock.now()).await?;
    let session = start_session::run(&mut tx, state, caller, cookie, user.user).await?;
    tx.commit().await?;
    state.new_job.send_replace(());
    Ok(session)
}
