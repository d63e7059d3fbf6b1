//! Which browsers a user is known to have used.

use super::{Tx, on};
use crate::domain::ids::UserId;

/// Remembers that this user has used this browser.
pub async fn remember(tx: &mut Tx, visitor: i64, user: UserId) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO user_visitors (visitor, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(visitor)
        .bind(user)
        .execute(conn).await.map(|_| ()))
}

/// The users who have used this browser.
pub async fn users_of(tx: &mut Tx, visitor: i64) -> sqlx::Result<Vec<UserId>> {
    on!(tx, conn => sqlx::query_scalar("SELECT user_id FROM user_visitors WHERE visitor = $1")
        .bind(visitor)
        .fetch_all(conn).await)
}
