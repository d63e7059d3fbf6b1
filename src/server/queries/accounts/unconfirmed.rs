//! Whether somebody should confirm their address.

use crate::{
    domain::{accounts::email::readable, ids::UserId},
    server::{
        state::AppState,
        store::{db::Tx, users},
    },
};

/// The address that should be confirmed, if it is not yet. Nothing while no mail can be sent, which would be asking for
/// the impossible.
pub async fn run(tx: &mut Tx, state: &AppState, user: UserId) -> sqlx::Result<Option<String>> {
    if state.config.smtp_url.is_none() {
        return Ok(None);
    }
    let verified = users::standing_of(tx, &[user]).await?.iter().any(|user| user.email_verified_at.is_some());
    if verified {
        return Ok(None);
    }
    Ok(users::by_id(tx, user).await?.map(|user| readable(&user.email).into_owned()))
}
