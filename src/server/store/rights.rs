//! The lock on rights. Whoever does something as an admin or by a key, or writes about people, holds it together with
//! others; whoever takes rights or people away holds it alone. So nobody loses a right in the middle of using it,
//! nothing is written about somebody after they were forgotten, and two who take a right away see each other. It is
//! taken first in a transaction, and held to its end. SQLite has one writer at a time anyway.

use crate::server::store::db::Tx;

/// Waits for those who hold it alone.
pub async fn share(tx: &mut Tx) -> sqlx::Result<()> {
    take(tx, "SELECT pg_advisory_xact_lock_shared(4912665730193856277)").await
}

/// Waits for everybody who holds it.
pub async fn lock(tx: &mut Tx) -> sqlx::Result<()> {
    take(tx, "SELECT pg_advisory_xact_lock(4912665730193856277)").await
}

async fn take(tx: &mut Tx, sql: &'static str) -> sqlx::Result<()> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn many_share_it_and_one_has_it_alone() -> sqlx::Result<()> {
        let db = crate::server::store::testing::postgres().await;
        let (mut one, mut other, mut alone) = (db.begin().await?, db.begin().await?, db.begin().await?);
        share(&mut one).await?;
        share(&mut other).await?;
        let waiting = tokio::spawn(async move { lock(&mut alone).await.map(|()| alone) });
        one.commit().await?;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!waiting.is_finished());
        other.commit().await?;
        let alone = waiting.await.expect("no panic")?;
        let mut late = db.begin().await?;
        assert!(timeout(Duration::from_millis(50), share(&mut late)).await.is_err());
        alone.commit().await
    }
}
