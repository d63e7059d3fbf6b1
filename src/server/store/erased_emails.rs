//! Keyed hashes of the e-mails of people who were erased, so that whoever joins again is nobody new.

use crate::{
    domain::time::Time,
    server::store::db::{Tx, with_conn},
};

/// Remembers that somebody with this e-mail was here.
pub async fn insert(tx: &mut Tx, email_hash: &[u8], now: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO erased_emails (email_hash, erased_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(email_hash)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

/// Whether somebody with this e-mail was here.
pub async fn contains(tx: &mut Tx, email_hash: &[u8]) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM erased_emails WHERE email_hash = $1)")
        .bind(email_hash)
        .fetch_one(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    db_test!(an_erased_email_is_remembered_once, |db| {
        let mut tx = db.begin().await?;
        assert!(!contains(&mut tx, b"ann").await?);
        insert(&mut tx, b"ann", Time(1)).await?;
        insert(&mut tx, b"ann", Time(2)).await?;
        assert!(contains(&mut tx, b"ann").await? && !contains(&mut tx, b"bob").await?);
        tx.commit().await
    });
}
