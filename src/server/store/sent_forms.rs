//! Forms that made something, so that sending one again makes nothing again.

use crate::{
    domain::time::{DAY, Time},
    server::store::db::{Tx, with_conn},
};

/// How long forms are remembered, in milliseconds.
pub const RETENTION: i64 = DAY;

/// Takes a form for this transaction; `false` when another one has done what it asks for. On PostgreSQL this waits for
/// a transaction that is doing the same.
pub async fn claim(tx: &mut Tx, form: &[u8], now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query("INSERT INTO sent_forms (form, sent_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(form)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Keeps the id of what a form has made.
pub async fn keep(tx: &mut Tx, form: &[u8], made: i64) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE sent_forms SET made = $2 WHERE form = $1")
        .bind(form)
        .bind(made)
        .execute(conn).await.map(|_| ()))
}

/// The id of what a form has made.
pub async fn made(tx: &mut Tx, form: &[u8]) -> sqlx::Result<Option<i64>> {
    let made: Option<Option<i64>> = with_conn!(tx, conn => sqlx::query_scalar("SELECT made FROM sent_forms WHERE form = $1")
            .bind(form)
            .fetch_optional(conn).await)?;
    Ok(made.flatten())
}

/// Forgets forms from before an instant.
pub async fn prune(tx: &mut Tx, before: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM sent_forms WHERE sent_at <= $1")
        .bind(before)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    db_test!(a_form_makes_one_thing_until_it_is_forgotten, |db| {
        let mut tx = db.begin().await?;
        assert!(claim(&mut tx, b"form", Time(5)).await?);
        keep(&mut tx, b"form", 7).await?;
        assert!(!claim(&mut tx, b"form", Time(6)).await?);
        assert_eq!((made(&mut tx, b"form").await?, made(&mut tx, b"other").await?), (Some(7), None));
        prune(&mut tx, Time(4)).await?;
        assert!(!claim(&mut tx, b"form", Time(6)).await?);
        prune(&mut tx, Time(5)).await?;
        assert!(claim(&mut tx, b"form", Time(6)).await?);
        tx.commit().await
    });
}
