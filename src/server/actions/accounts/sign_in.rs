//! Signing in with e-mail and password.

use crate::{
    domain::{accounts::email::Email, message::Message},
    error::AppError,
    server::{
        actions::accounts::start_session::{self, NewSession},
        auth::{
            caller::Caller,
            rate_limiter::{RateLimit, TriedFrom},
        },
        clicks::attribution_cookie::AttributionCookie,
        errors::internal,
        state::AppState,
        store::{known_browsers, users},
    },
};

/// Somebody who has signed in.
pub struct SignedIn {
    pub session: NewSession,
    pub admin: bool,
}

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
) -> Result<SignedIn, AppError> {
    state.rate_limiter.network(RateLimit::SignIn, caller.client_ip.0)?;
    let email = Email::parse(email).map_err(|message| AppError::invalid("email", message))?;
    let (user, tried_from) = {
        let mut tx = state.db.read().await?;
        let user = users::by_email(&mut tx, &email).await?;
        let known = match cookie {
            Some(cookie) => known_browsers::users_of(&mut tx, cookie.visitor).await?,
            None => vec![],
        };
        let knows = user.as_ref().is_some_and(|user| known.contains(&user.id));
        let network = TriedFrom::Network(caller.client_ip.0);
        (user, cookie.filter(|_| knows).map_or(network, |cookie| TriedFrom::KnownBrowser(cookie.visitor)))
    };
    state.rate_limiter.password(email.as_str(), tried_from)?;
    let stored = user.as_ref().and_then(|user| user.password_hash.clone());
    let right = state.passwords.check(password, stored).await.map_err(internal)?;
    let user = user.filter(|user| right && user.disabled_at.is_none()).ok_or_else(refused)?;
    let mut tx = state.db.begin().await?;
    // The password may be another one by now, or the account disabled or gone.
    let now = users::lock(&mut tx, user.id).await?;
    let user =
        now.filter(|now| now.password_hash == user.password_hash && now.disabled_at.is_none()).ok_or_else(refused)?;
    let session = start_session::run(&mut tx, state, caller, cookie, user.id).await?;
    tx.commit().await?;
    Ok(SignedIn { session, admin: user.role == "admin" })
}
