//! Telling other instances that something changed. SQLite has no others.

use crate::server::store::db::Tx;

/// The channel that all instances listen on.
pub const CHANNEL: &str = "passalong";

/// Tells the other instances when the transaction commits. At most 8,000 bytes.
pub async fn notify(tx: &mut Tx, payload: &str) -> sqlx::Result<()> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(tx) => {
            sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(payload).execute(&mut **tx).await.map(|_| ())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{db::Db, db_test};
    use sqlx::postgres::PgListener;
    use std::time::Duration;

    db_test!(a_notice_is_heard_when_its_transaction_commits, |db| {
        let Db::Postgres { pool, .. } = &db else {
            // Nobody listens, and nothing goes wrong.
            let mut tx = db.begin().await?;
            notify(&mut tx, "news").await?;
            return tx.commit().await;
        };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        let mut given_up = db.begin().await?;
        notify(&mut given_up, "given up").await?;
        drop(given_up);
        let mut tx = db.begin().await?;
        notify(&mut tx, "news").await?;
        let early = tokio::time::timeout(Duration::from_millis(100), listener.recv()).await;
        assert!(early.is_err(), "{early:?}");
        tx.commit().await?;
        assert_eq!(listener.recv().await?.payload(), "news");
        Ok(())
    });
}
