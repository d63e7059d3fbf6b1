//! What the instances of one installation share and nobody else may know.

use crate::{
    domain::time::Time,
    server::store::db::{Conn, Tx, with_conn, with_own_conn},
};

/// Keeps `value` under `name` unless there is one already; the one that is kept.
pub async fn keep(tx: &mut Tx, name: &str, value: &[u8], now: Time) -> sqlx::Result<Vec<u8>> {
    with_conn!(tx, conn => {
        sqlx::query("INSERT INTO secrets (name, value, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(name)
            .bind(value)
            .bind(now)
            .execute(&mut *conn).await?;
        sqlx::query_scalar("SELECT value FROM secrets WHERE name = $1").bind(name).fetch_one(conn).await
    })
}

pub async fn get(tx: &mut Tx, name: &str) -> sqlx::Result<Option<Vec<u8>>> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT value FROM secrets WHERE name = $1")
        .bind(name)
        .fetch_optional(conn).await)
}

/// Takes a secret away; whether it was there with this value. Of several that try at once, one succeeds.
pub async fn take(tx: &mut Tx, name: &str, value: &[u8]) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM secrets WHERE name = $1 AND value = $2")
        .bind(name)
        .bind(value)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// The salt that visitors are hashed with on this day: `candidate` when nobody was earlier. Yesterday's are forgotten.
pub async fn salt(conn: &mut Conn<'_>, day: i64, candidate: &[u8]) -> sqlx::Result<Vec<u8>> {
    with_own_conn!(conn, conn => {
        sqlx::query("DELETE FROM visitor_salts WHERE day < $1").bind(day).execute(&mut *conn).await?;
        sqlx::query("INSERT INTO visitor_salts (day, salt) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(day)
            .bind(candidate)
            .execute(&mut *conn).await?;
        sqlx::query_scalar("SELECT salt FROM visitor_salts WHERE day = $1").bind(day).fetch_one(conn).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    db_test!(the_first_secret_stays, |db| {
        let mut tx = db.begin().await?;
        assert_eq!(keep(&mut tx, "app", b"one", Time(1)).await?, b"one");
        assert_eq!(keep(&mut tx, "app", b"two", Time(2)).await?, b"one");
        assert_eq!(get(&mut tx, "other").await?, None);
        assert!(!take(&mut tx, "app", b"two").await?);
        assert!(take(&mut tx, "app", b"one").await?);
        assert_eq!(get(&mut tx, "app").await?, None);
        tx.commit().await
    });

    db_test!(a_day_has_one_salt_and_yesterdays_is_gone, |db| {
        let mut tx = db.begin().await?;
        assert_eq!(salt(&mut tx.conn(), 7, b"a").await?, b"a");
        assert_eq!(salt(&mut tx.conn(), 7, b"b").await?, b"a");
        assert_eq!(salt(&mut tx.conn(), 8, b"c").await?, b"c");
        assert_eq!(salt(&mut tx.conn(), 7, b"d").await?, b"d");
        tx.commit().await
    });
}
