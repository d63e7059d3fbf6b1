//! Changing one's password: all sessions end, and this browser gets a new one.

use super::{
    super::{
        auth::SignedIn,
        door::Door,
        limits::Attempt,
        store::{sessions, users},
    },
    internal,
    start_session::{self, Started},
};
use crate::{domain::password, error::AppError};

pub async fn run(door: &Door, user: &SignedIn, current: String, new: String) -> Result<Started, AppError> {
    let server = &door.server;
    let account = users::by_id(&mut server.db.read().await?, user.user).await?.ok_or(AppError::SignedOut)?;
    server.limits.account(Attempt::Password, &account.email)?;
    if let Some(message) = password::problem(&new, &[&account.email, &account.username]) {
        return Err(AppError::invalid("password", message));
    }
    if !server.passwords.check(current, account.password_hash).await.map_err(internal)? {
        return Err(AppError::invalid("current", "That is not your current password."));
    }
    let hash = server.passwords.hash(new, server.chance.bytes()).await.map_err(internal)?;
    let mut tx = server.db.begin().await?;
    users::set_password(&mut tx, user.user, &hash).await?;
    sessions::end_all(&mut tx, user.user).await?;
    let started = start_session::run(&mut tx, server, &door.caller, user.user).await?;
    tx.commit().await?;
    Ok(started)
}
