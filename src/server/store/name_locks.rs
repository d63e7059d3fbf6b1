//! Locks on names: who speaks of the same payment or person takes turns, also before there is a row to lock. SQLite has
//! one writer at a time anyway.

use crate::server::store::{db::Tx, json::json};

/// Waits for whoever holds any of these names, and holds them until the end of the transaction.
pub async fn lock(tx: &mut Tx, names: &[String]) -> sqlx::Result<()> {
    let Tx::Postgres(tx) = tx else { return Ok(()) };
    // In one order, so that two who want the same do not wait for each other.
    sqlx::query(
        "SELECT pg_advisory_xact_lock(hash)
         FROM (SELECT DISTINCT hashtextextended(value, 8) AS hash
               FROM json_array_elements_text($1::json)
               ORDER BY hash) AS names",
    )
    .bind(json(names))
    .execute(&mut **tx)
    .await
    .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn who_speaks_of_the_same_takes_turns() -> sqlx::Result<()> {
        let db = crate::server::store::testing::postgres().await;
        let (mut one, mut other, mut third) = (db.begin().await?, db.begin().await?, db.begin().await?);
        lock(&mut one, &["a".into(), "b".into(), "b".into()]).await?;
        lock(&mut third, &["c".into()]).await?;
        let waiting = tokio::spawn(async move { lock(&mut other, &["b".into(), "d".into()]).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!waiting.is_finished());
        one.commit().await?;
        waiting.await.expect("its turn")
    }
}
