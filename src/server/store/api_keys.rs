//! Keys of the API. Only the hash of a secret is kept.

use crate::{
    domain::{
        accounts::api_key::Scope,
        ids::{ApiKeyId, UserId},
        time::Time,
    },
    server::store::db::{Tx, with_conn},
    view_models::api_keys::ApiKeySummary,
};
use sqlx::QueryBuilder;

/// Whether a key works: it is not revoked, and the admin it belongs to, if any, can come in as an admin.
macro_rules! works {
    () => {
        "(k.revoked_at IS NULL
        AND (k.admin_id IS NULL OR COALESCE(u.role = 'admin' AND u.disabled_at IS NULL, FALSE)))"
    };
}

const SELECT: &str = concat!(
    "SELECT k.id, k.name, k.scope, k.last_four, k.admin_id, u.username AS admin, ",
    works!(),
    " AS works, k.created_at, k.last_used_at, k.revoked_at
FROM api_keys k
LEFT JOIN users u ON u.id = k.admin_id "
);

/// What a new key starts with.
pub struct NewApiKey<'a> {
    pub name: &'a str,
    pub scope: Scope,
    pub secret_hash: &'a [u8],
    pub last_four: &'a str,
    /// The admin whom it belongs to; nobody for keys of the command line.
    pub admin: Option<UserId>,
    pub created_at: Time,
}

pub async fn insert(tx: &mut Tx, new: &NewApiKey<'_>) -> sqlx::Result<ApiKeyId> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO api_keys (name, scope, secret_hash, last_four, admin_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         RETURNING id")
        .bind(new.name)
        .bind(new.scope)
        .bind(new.secret_hash)
        .bind(new.last_four)
        .bind(new.admin)
        .bind(new.created_at)
        .fetch_one(conn).await)
}

/// The key with this secret, if it works.
pub async fn live(tx: &mut Tx, secret_hash: &[u8]) -> sqlx::Result<Option<ApiKeySummary>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push(concat!("WHERE ", works!(), " AND k.secret_hash = "))
        .push_bind(secret_hash.to_vec())
        .build_query_as()
        .fetch_optional(conn).await)
}

/// Whether a key works.
pub async fn works(tx: &mut Tx, id: ApiKeyId) -> sqlx::Result<bool> {
    Ok(by_id(tx, id).await?.is_some_and(|key| key.works))
}

pub async fn by_id(tx: &mut Tx, id: ApiKeyId) -> sqlx::Result<Option<ApiKeySummary>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE k.id = ")
        .push_bind(id)
        .build_query_as()
        .fetch_optional(conn).await)
}

/// The keys, the latest first; those that work, then those whose admin is gone, then those that are revoked.
pub async fn all(tx: &mut Tx) -> sqlx::Result<Vec<ApiKeySummary>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push(concat!(
            "ORDER BY CASE WHEN ", works!(), " THEN 0 WHEN k.revoked_at IS NULL THEN 1 ELSE 2 END, k.id DESC LIMIT 500"))
        .build_query_as()
        .fetch_all(conn).await)
}

/// Makes a key belong to another admin; whether it belonged to one and is not revoked.
pub async fn hand_over(tx: &mut Tx, id: ApiKeyId, admin: UserId) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE api_keys
         SET admin_id = $2
         WHERE id = $1
           AND admin_id <> $2
           AND revoked_at IS NULL")
        .bind(id)
        .bind(admin)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
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
    use crate::{
        domain::accounts::{email::Email, username::Username},
        server::store::{
            db_test, fixtures,
            users::{self, UserUpdate},
        },
    };

    db_test!(a_revoked_key_opens_nothing_and_stays_in_the_list, |db| {
        let mut tx = db.begin().await?;
        let new = |hash| NewApiKey {
            name: "Shop",
            scope: Scope::Write,
            secret_hash: hash,
            last_four: "wxyz",
            admin: None,
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

    db_test!(a_key_works_as_long_as_its_admin_is_one, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let new = NewApiKey {
            name: "Shop",
            scope: Scope::Write,
            secret_hash: b"one",
            last_four: "wxyz",
            admin: Some(ann),
            created_at: Time(1),
        };
        let id = insert(&mut tx, &new).await?;
        let free = insert(&mut tx, &NewApiKey { secret_hash: b"two", admin: None, ..new }).await?;
        let (email, username) = (Email::parse("a@example.com").expect("one"), Username::parse("ann").expect("one"));
        for (admin, disabled_at, works) in
            [(false, None, false), (true, None, true), (true, Some(Time(2)), false), (true, None, true)]
        {
            let update = UserUpdate {
                email: &email,
                username: &username,
                external_id: None,
                account_id: None,
                full_name: None,
                phone: None,
                locale: None,
                goal: 10,
                admin,
                disabled_at,
            };
            users::update(&mut tx, ann, &update).await?;
            assert_eq!(super::works(&mut tx, id).await?, works, "{admin} {disabled_at:?}");
            assert_eq!(live(&mut tx, b"one").await?.is_some(), works);
        }
        users::delete(&mut tx, ann).await?;
        let gone = by_id(&mut tx, id).await?.expect("the key");
        assert_eq!((gone.works, gone.admin_id, gone.admin), (false, Some(ann), None));
        assert_eq!(all(&mut tx).await?.iter().map(|key| key.id).collect::<Vec<_>>(), [free, id]);
        assert!(live(&mut tx, b"two").await?.is_some(), "a key of the command line goes on");
        assert!(!hand_over(&mut tx, free, bob).await?);
        assert!(hand_over(&mut tx, id, bob).await?);
        assert!(!hand_over(&mut tx, id, bob).await?);
        assert_eq!(by_id(&mut tx, id).await?.and_then(|key| key.admin).as_deref(), Some("bob"));
        tx.commit().await
    });
}
