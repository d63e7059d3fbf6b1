//! Signing in with e-mail and password.

use crate::{
    domain::{accounts::email::Email, message::Message},
    error::AppError,
    server::{
        actions::accounts::start_session::{self, NewSession},
        auth::{caller::Caller, rate_limiter::RateLimit},
        clicks::attribution_cookie::AttributionCookie,
        errors::internal,
        state::AppState,
        store::users,
    },
};

/// The same words whether the account, the password or neither is right.
fn refused() -> AppError {
    AppError::invalid("", Message::SignInMismatch)
}

/// Starts a session for whoever knows the password.
pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    email: &str,
    password: String,
) -> Result<NewSession, AppError> {
    state.rate_limiter.network(RateLimit::SignIn, caller.client_ip.0)?;
    let email = Email::parse(email).map_err(|message| AppError::invalid("email", message))?;
    state.rate_limiter.account(RateLimit::Password, email.as_str())?;
    let user = users::by_email(&mut state.db.read().await?, &email).await?;
    let stored = user.as_ref().and_then(|user| user.password_hash.clone());
    let right = state.passwords.check(password, stored).await.map_err(internal)?;
    let user = user.filter(|user| right && user.disabled_at.is_none()).ok_or_else(refused)?;
    let mut tx = state.db.begin().await?;
    let session = start_session::run(&mut tx, state, caller, cookie, user.id).await?;
    tx.commit().await?;
    Ok(session)
}
