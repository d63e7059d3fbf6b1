//! The instances of one installation.

use crate::{
    domain::time::Time,
    server::store::db::{Tx, with_conn},
};

/// A number that no instance of this installation has had before.
pub async fn next_instance(tx: &mut Tx, now: Time) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar("INSERT INTO instances (started_at) VALUES ($1) RETURNING id")
        .bind(now)
        .fetch_one(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    db_test!(instances_have_numbers_of_their_own, |db| {
        let mut tx = db.begin().await?;
        let first = next_instance(&mut tx, Time(0)).await?;
        assert!(next_instance(&mut tx, Time(0)).await? > first);
        tx.commit().await
    });
}
