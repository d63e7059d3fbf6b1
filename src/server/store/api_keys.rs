//! Keys of the API. Only the hash of a secret is kept.

use super::{Tx, on};
use crate::domain::{ids::ApiKeyId, time::Time};

/// A key as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ApiKeyRecord {
    pub id: ApiKeyId,
    pub name: String,
    /// The name of a [`Scope`](crate::domain::api_key::Scope).
    pub scope: String,
    pub last_four: String,
    /// Who made it, as they were called.
    pub created_by: String,
    pub created_at: Time,
    pub last_used_at: Option<Time>,
    pub revoked_at: Option<Time>,
}

/// What a new key starts with.
pub struct NewApiKey<'a> {
    pub name: &'a str,
    pub scope: &'a str,
    pub secret_hash: &'a [u8],
    pub last_four: &'a str,
    pub created_by: &'a str,
    pub created_at: Time,
}

pub async fn insert(tx: &mut Tx, new: &NewApiKey<'_>) -> sqlx::Result<ApiKeyId> {
    on!(tx, conn => sqlx::query_scalar(
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
pub async fn live(tx: &mut Tx, secret_hash: &[u8]) -> sqlx::Result<Option<ApiKeyRecord>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT id, name, scope, last_four, created_by, created_at, last_used_at, revoked_at
         FROM api_keys
         WHERE secret_hash = $1
           AND revoked_at IS NULL")
        .bind(secret_hash)
        .fetch_optional(conn).await)
}

pub async fn by_id(tx: &mut Tx, id: ApiKeyId) -> sqlx::Result<Option<ApiKeyRecord>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT id, name, scope, last_four, created_by, created_at, last_used_at, revoked_at
         FROM api_keys
         WHERE id = $1")
        .bind(id)
        .fetch_optional(conn).await)
}

/// The keys, the latest first; those that work before those that are revoked.
pub async fn all(tx: &mut Tx) -> sqlx::Result<Vec<ApiKeyRecord>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT id, name, scope, last_four, created_by, created_at, last_used_at, revoked_at
         FROM api_keys
         ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, id DESC
         LIMIT 500")
        .fetch_all(conn).await)
}

/// Notes that a key is in use.
pub async fn touch(tx: &mut Tx, id: ApiKeyId, now: Time) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query("UPDATE api_keys SET last_used_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

/// Makes a key worthless; whether it was not so already.
pub async fn revoke(tx: &mut Tx, id: ApiKeyId, now: Time) -> sqlx::Result<bool> {
    on!(tx, conn => sqlx::query("UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

#[cfg(test)]
mod tests {
    use super::{super::db_test, *};

    db_test!(a_revoked_key_opens_nothing_and_stays_in_the_list, |db| {
        let mut tx = db.begin().await?;
        let new = |hash| NewApiKey {
            name: "Shop",
            scope: "write",
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
        assert_eq!((found.id, found.scope.as_str(), found.last_used_at), (id, "write", Some(Time(5))));
        assert!(revoke(&mut tx, other, Time(6)).await?);
        assert!(!revoke(&mut tx, other, Time(7)).await?);
        assert_eq!(live(&mut tx, b"two").await?, None);
        assert_eq!(all(&mut tx).await?.iter().map(|key| key.id).collect::<Vec<_>>(), [id, other]);
        assert_eq!(by_id(&mut tx, other).await?.and_then(|key| key.revoked_at), Some(Time(6)));
        tx.commit().await
    });
}
