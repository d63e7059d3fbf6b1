//! Changing one's password: all sessions end, and this browser gets a new one.

use crate::{
    domain::{accounts::password, message::Message},
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
        store::{sessions, users},
    },
};

pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    user: &SignedIn,
    current: String,
    new: String,
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
    let session = start_session::run(&mut tx, state, caller, cookie, user.user).await?;
    tx.commit().await?;
    Ok(session)
}
