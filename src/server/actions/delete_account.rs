//! Deleting one's own account. What it brought about stays counted; the person is gone.

use super::{
    super::{
        auth::SignedIn,
        door::Door,
        limits::Attempt,
        relay::{self, Change},
        store::{codes, referrals, users},
    },
    internal,
};
use crate::error::AppError;

pub async fn run(door: &Door, user: &SignedIn, password: String) -> Result<(), AppError> {
    let server = &door.server;
    let account = users::by_id(&mut server.db.read().await?, user.user).await?.ok_or(AppError::SignedOut)?;
    server.limits.account(Attempt::Password, &account.email)?;
    if !server.passwords.check(password, account.password_hash).await.map_err(internal)? {
        return Err(AppError::invalid("password", "That is not your password."));
    }
    let mut tx = server.db.begin().await?;
    if account.role == "admin" && users::count_admins(&mut tx).await? == 1 {
        let message = "You are the only admin. Make somebody else an admin first.";
        return Err(AppError::conflict("password", message));
    }
    let change = Change { codes: codes::crediting(&mut tx, user.user).await?, ..Change::default() };
    referrals::forget_referee(&mut tx, user.user).await?;
    users::delete(&mut tx, user.user).await?;
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(())
}
