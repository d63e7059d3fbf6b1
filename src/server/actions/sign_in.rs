//! Signing in with e-mail and password.

use super::{
    super::{door::Door, limits::Attempt, store::users},
    internal,
    start_session::{self, Started},
};
use crate::{domain::email::Email, error::AppError};

/// The same words whether the account, the password or neither is right.
fn refused() -> AppError {
    AppError::invalid("", "That e-mail and password do not match. Please try again.")
}

/// Starts a session for whoever knows the password.
pub async fn run(door: &Door, email: &str, password: String) -> Result<Started, AppError> {
    let server = &door.server;
    server.limits.network(Attempt::SignIn, door.caller.origin.0)?;
    let email = Email::parse(email).map_err(|message| AppError::invalid("email", message))?;
    server.limits.account(Attempt::Password, email.as_str())?;
    let user = users::by_email(&mut server.db.read().await?, &email).await?;
    let stored = user.as_ref().and_then(|user| user.password_hash.clone());
    let right = server.passwords.check(password, stored).await.map_err(internal)?;
    let user = user.filter(|user| right && user.disabled_at.is_none()).ok_or_else(refused)?;
    let mut tx = server.db.begin().await?;
    let started = start_session::run(&mut tx, server, &door.caller, user.id).await?;
    tx.commit().await?;
    Ok(started)
}
