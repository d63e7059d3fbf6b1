//! Keys of the API. Only the hash of a secret one is kept.

use crate::{
    domain::{
        accounts::{
            api_key::{Access, ApiKeySecret},
            origins::Origins,
        },
        cursor::Cursor,
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
    "SELECT k.id, k.name, k.scope, k.public_key, k.origins, k.last_four, k.admin_id, u.username AS admin, ",
    works!(),
    " AS works, k.created_at, k.last_used_at, k.revoked_at
FROM api_keys k
LEFT JOIN users u ON u.id = k.admin_id "
);

/// What a new key starts with.
pub struct NewApiKey<'a> {
    pub name: &'a str,
    pub access: &'a Access,
    /// The whole key. Of a secret one only its hash and its end are kept.
    pub key: &'a ApiKeySecret,
    pub secret_hash: &'a [u8],
    /// The admin whom it belongs to; nobody for keys of the command line.
    pub admin: Option<UserId>,
    pub created_at: Time,
}

pub async fn insert(tx: &mut Tx, new: &NewApiKey<'_>) -> sqlx::Result<ApiKeyId> {
    let (scope, public_key, origins) = match new.access {
        Access::Scope(scope) => (Some(*scope), None, ""),
        Access::Origins(origins) => (None, Some(new.key.0.as_str()), origins.as_str()),
    };
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO api_keys (name, scope, public_key, origins, secret_hash, last_four, admin_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         RETURNING id")
        .bind(new.name)
        .bind(scope)
        .bind(public_key)
        .bind(origins)
        .bind(new.secret_hash)
        .bind(new.key.last_four())
        .bind(new.admin)
        .bind(new.created_at)
        .fetch_one(conn).await)
}

/// The key with this secret, if it works.
pub async fn live(tx: &mut Tx, secret_hash: &[u8]) -> sqlx::Result<Option<ApiKeySummary>> {
    Ok(by_hash(tx, secret_hash).await?.filter(|key| key.works))
}

/// The key with this secret, whether it works or not.
pub async fn by_hash(tx: &mut Tx, secret_hash: &[u8]) -> sqlx::Result<Option<ApiKeySummary>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE k.secret_hash = ")
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

/// A page of the keys, the latest first.
pub async fn page(tx: &mut Tx, after: Option<&Cursor>, limit: i64) -> sqlx::Result<Vec<ApiKeySummary>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE k.id < ")
        .push_bind(after.map_or(i64::MAX, |after| after.id))
        .push(" ORDER BY k.id DESC LIMIT ")
        .push_bind(limit)
        .build_query_as()
        .fetch_all(conn).await)
}

/// The origins of each publishable key that works.
pub async fn origins_in_use(tx: &mut Tx) -> sqlx::Result<Vec<Origins>> {
    const SQL: &str = concat!(
        "SELECT k.origins
        FROM api_keys k
        LEFT JOIN users u ON u.id = k.admin_id
        WHERE k.public_key IS NOT NULL
          AND ",
        works!()
    );
    with_conn!(tx, conn => sqlx::query_scalar(SQL).fetch_all(conn).await)
}

/// Gives a publishable key other origins; whether it is one and not revoked.
pub async fn set_origins(tx: &mut Tx, id: ApiKeyId, origins: &Origins) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE api_keys
         SET origins = $2
         WHERE id = $1
           AND public_key IS NOT NULL
           AND revoked_at IS NULL")
        .bind(id)
        .bind(origins.as_str())
        .execute(conn).await.map(|done| done.rows_affected() == 1))
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
        domain::accounts::{api_key::Scope, email::Email, username::Username},
        server::store::{
            db_test, fixtures,
            user_profiles::{self, UserUpdate},
            users,
        },
    };

    db_test!(a_revoked_key_opens_nothing_and_stays_in_the_list, |db| {
        let mut tx = db.begin().await?;
        let key = ApiKeySecret("pal_wxyz".into());
        let new = |hash| NewApiKey {
            name: "Shop",
            access: &Access::Scope(Scope::Write),
            key: &key,
            secret_hash: hash,
            admin: None,
            created_at: Time(1),
        };
        let id = insert(&mut tx, &new(b"one")).await?;
        let other = insert(&mut tx, &new(b"two")).await?;
        assert_eq!(live(&mut tx, b"three").await?, None);
        touch(&mut tx, id, Time(5)).await?;
        let found = live(&mut tx, b"one").await?.expect("a key");
        assert_eq!((found.id, found.scope, found.last_used_at), (id, Some(Scope::Write), Some(Time(5))));
        assert_eq!((found.public_key, found.origins, &*found.last_four), (None, Origins::default(), "wxyz"));
        assert!(revoke(&mut tx, other, Time(6)).await?);
        assert!(!revoke(&mut tx, other, Time(7)).await?);
        assert_eq!(live(&mut tx, b"two").await?, None);
        assert_eq!(by_hash(&mut tx, b"two").await?.map(|key| key.works), Some(false));
        assert_eq!(all(&mut tx).await?.iter().map(|key| key.id).collect::<Vec<_>>(), [id, other]);
        assert_eq!(by_id(&mut tx, other).await?.and_then(|key| key.revoked_at), Some(Time(6)));
        tx.commit().await
    });

    db_test!(a_key_works_as_long_as_its_admin_is_one, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let new = NewApiKey {
            name: "Shop",
            access: &Access::Scope(Scope::Write),
            key: &ApiKeySecret("pal_wxyz".into()),
            secret_hash: b"one",
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
            user_profiles::update(&mut tx, ann, &update).await?;
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

    db_test!(the_origins_of_keys_that_work_are_in_use, |db| {
        let mut tx = db.begin().await?;
        let origins = |text| Origins::parse(text).expect("origins");
        let (shop, blog) = (origins("https://shop.example"), origins("https://blog.example http://localhost:*"));
        let key = ApiKeySecret("pub_wxyz".into());
        let new = |access, hash| NewApiKey {
            name: "Page",
            access,
            key: &key,
            secret_hash: hash,
            admin: None,
            created_at: Time(1),
        };
        let (programs, pages) = (Access::Scope(Scope::Admin), Access::Origins(shop.clone()));
        let secret = insert(&mut tx, &new(&programs, b"zero")).await?;
        let first = insert(&mut tx, &new(&pages, b"one")).await?;
        let second = insert(&mut tx, &new(&pages, b"two")).await?;
        let found = live(&mut tx, b"one").await?.expect("a key");
        assert_eq!((found.scope, found.public_key.as_deref(), &found.origins), (None, Some("pub_wxyz"), &shop));
        assert!(set_origins(&mut tx, second, &blog).await?);
        assert!(!set_origins(&mut tx, secret, &blog).await?);
        let mut used = origins_in_use(&mut tx).await?;
        used.sort_by_key(|origins| origins.as_str().to_owned());
        assert_eq!(used, [blog.clone(), shop]);
        assert!(revoke(&mut tx, first, Time(2)).await?);
        assert!(!set_origins(&mut tx, first, &blog).await?);
        assert_eq!(origins_in_use(&mut tx).await?, [blog]);
        let ids = |keys: Vec<ApiKeySummary>| keys.iter().map(|key| key.id).collect::<Vec<_>>();
        assert_eq!(ids(page(&mut tx, None, 2).await?), [second, first]);
        assert_eq!(ids(page(&mut tx, Some(&Cursor::of_id(first.0)), 2).await?), [secret]);
        tx.commit().await
    });
}
