//! Keys of the API. Only the hash of a secret is kept.

use crate::{
    domain::{accounts::api_key::Scope, ids::ApiKeyId, time::Time},
    server::store::db::{Tx, with_conn},
    view_models::api_keys::ApiKeySummary,
};
use sqlx::QueryBuilder;

const SELECT: &str =
    "SELECT id, name, scope, last_four, created_by, created_at, last_used_at, revoked_at FROM api_keys ";

/// What a new key starts with.
pub struct NewApiKey<'a> {
    pub name: &'a str,
    pub scope: Scope,
    pub secret_hash: &'a [u8],
    pub last_four: &'a str,
    pub created_by: &'a str,
    pub created_at: Time,
}

pub async fn insert(tx: &mut Tx, new: &NewApiKey<'_>) -> sqlx::Result<ApiKeyId> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO api_keys (name, scope, secret_hash, last_four, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         RETURNING id")
        .bind(new.name)
        .bind(new.scope)
        .bind(new.secret_hash)
        .bind(new.last_four)
        .bind(new.created_by)
        .bind(new.created_at)
        .fetch_one(conn).await)
}

/// The key with this secret, unless it is revoked.
pub async fn live(tx: &mut Tx, secret_hash: &[u8]) -> sqlx::Result<Option<ApiKeySummary>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE revoked_at IS NULL AND secret_hash = ")
        .push_bind(secret_hash.to_vec())
        .build_query_as()
        .fetch_optional(conn).await)
}

pub async fn by_id(tx: &mut Tx, id: ApiKeyId) -> sqlx::Result<Option<ApiKeySummary>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE id = ")
        .push_bind(id)
        .build_query_as()
        .fetch_optional(conn).await)
}

/// The keys, the latest first; those that work before those that are revoked.
pub async fn all(tx: &mut Tx) -> sqlx::Result<Vec<ApiKeySummary>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT 500")
        .build_query_as()
        .fetch_all(conn).await)
}

/// Notes that a key is in use.
pub async fn touch(tx: &mut Tx, id: ApiKeyId, now: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE api_keys SET last_used_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

/// Makes a key worthless; whether it was not so already.
pub async fn revoke(tx: &mut Tx, id: ApiKeyId, now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query("UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    db_test!(a_revoked_key_opens_nothing_and_stays_in_the_list, |db| {
        let mut tx = db.begin().await?;
        let new = |hash| NewApiKey {
            name: "Shop",
            scope: Scope::Write,
            secret_hash: hash,
            last_four: "wxyz",
            created_by: "ann",
            created_at: Time(1),
        };
        let id = insert(&mut tx, &new(b"one")).await?;
        let other = insert(&mut tx, &new(b"two")).await?;
        assert_eq!(live(&mut tx, b"three").await?, None);
        touch(&mut tx, id, Time(5)).await?;
        let found = live(&mut tx, b"one").await?.expect("a key");
        assert_eq!((found.id, found.scope, found.last_used_at), (id, Scope::Write, Some(Time(5))));
        assert!(revoke(&mut tx, other, Time(6)).await?);
        assert!(!revoke(&mut tx, other, Time(7)).await?);
        assert_eq!(live(&mut tx, b"two").await?, None);
        assert_eq!(all(&mut tx).await?.iter().map(|key| key.id).collect::<Vec<_>>(), [id, other]);
        assert_eq!(by_id(&mut tx, other).await?.and_then(|key| key.revoked_at), Some(Time(6)));
        tx.commit().await
    });
}
