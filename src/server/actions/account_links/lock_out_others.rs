//! An address is about to be proved. Whoever registered it before may be somebody else, who chose the password.

use crate::{
    domain::ids::UserId,
    server::store::{account_links, db::Tx, sessions, users},
};

/// Within a transaction of the caller's that holds the user: when the address was never proved, nothing of before lets
/// anybody in any more.
pub async fn run_in(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    let standing = users::standing_of(tx, &[user]).await?.pop();
    if standing.is_some_and(|standing| standing.email_verified_at.is_some()) {
        return Ok(());
    }
    users::clear_password(tx, user).await?;
    sessions::end_all(tx, user).await?;
    account_links::end_all(tx, user).await
}
