//! Which browsers a user is known to have used.

use crate::{
    domain::ids::UserId,
    server::store::db::{Tx, with_conn},
};

/// Remembers that this user has used this browser.
pub async fn remember(tx: &mut Tx, visitor: i64, user: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO known_browsers (visitor, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(visitor)
        .bind(user)
        .execute(conn).await.map(|_| ()))
}

/// The users who have used this browser.
pub async fn users_of(tx: &mut Tx, visitor: i64) -> sqlx::Result<Vec<UserId>> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT user_id FROM known_browsers WHERE visitor = $1")
        .bind(visitor)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{db_test, fixtures, users};

    db_test!(a_browser_is_remembered_for_everybody_who_used_it, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        for user in [ann, ann, bob] {
            remember(&mut tx, -7, user).await?;
        }
        remember(&mut tx, 8, bob).await?;
        let mut users = users_of(&mut tx, -7).await?;
        users.sort();
        assert_eq!(users, [ann, bob]);
        assert_eq!(users_of(&mut tx, 9).await?, []);
        users::delete(&mut tx, ann).await?;
        assert_eq!(users_of(&mut tx, -7).await?, [bob]);
        tx.commit().await
    });
}
