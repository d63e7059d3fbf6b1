//! The settings of the program, one row each, as JSON.

use super::{Tx, on};
use crate::domain::time::Time;

/// All stored settings: name and JSON value. What is not stored has its default.
pub async fn all(tx: &mut Tx) -> sqlx::Result<Vec<(String, String)>> {
    on!(tx, conn => sqlx::query_as("SELECT name, value FROM settings").fetch_all(conn).await)
}

pub async fn put(tx: &mut Tx, name: &str, value: &str, now: Time) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO settings (name, value, changed_at)
         VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at")
        .bind(name)
        .bind(value)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::{super::db_test, *};

    db_test!(the_last_value_of_a_setting_is_kept, |db| {
        let mut tx = db.begin().await?;
        put(&mut tx, "default_goal", "10", Time(1)).await?;
        put(&mut tx, "default_goal", "12", Time(2)).await?;
        assert_eq!(all(&mut tx).await?, [("default_goal".to_owned(), "12".to_owned())]);
        tx.commit().await
    });
}
