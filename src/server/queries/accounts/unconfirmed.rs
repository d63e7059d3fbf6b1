//! Whether somebody should confirm their address.

use crate::{
    domain::{accounts::email::readable, ids::UserId},
    server::store::{db::Tx, users},
};

/// The address that should be confirmed, if it is not yet.
pub async fn run(tx: &mut Tx, user: UserId) -> sqlx::Result<Option<String>> {
    let verified = users::standing_of(tx, &[user]).await?.iter().any(|user| user.email_verified_at.is_some());
    if verified {
        return Ok(None);
    }
    Ok(users::by_id(tx, user).await?.map(|user| readable(&user.email).into_owned()))
}
