//! Telling other instances that something changed. SQLite has no others.

use super::Tx;

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
