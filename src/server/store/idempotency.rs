//! Answers to requests that named themselves, kept so that sending one again does nothing again.

use crate::{
    domain::{
        ids::{ApiKeyId, UserId},
        time::{DAY, Time},
    },
    server::store::db::{Tx, with_conn},
};

/// How long answers are kept, in milliseconds.
pub const RETENTION: i64 = DAY;

/// What is kept of a request.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredAnswer {
    /// Tells whether it is the same request: the hash of all of it.
    pub fingerprint: Vec<u8>,
    /// The status of the answer; nothing while the request is at work.
    pub status: Option<i64>,
    pub answer: String,
    pub created_at: Time,
}

/// Takes the name for this request; `false` when another one has it. On PostgreSQL this waits for a transaction that
/// is taking the same name. Names from before `forgotten` are free again.
pub async fn claim(
    tx: &mut Tx,
    key: ApiKeyId,
    name: &str,
    fingerprint: &[u8],
    now: Time,
    forgotten: Time,
) -> sqlx::Result<bool> {
    with_conn!(tx, conn => {
        sqlx::query("DELETE FROM idempotency WHERE api_key_id = $1 AND name = $2 AND created_at <= $3")
            .bind(key)
            .bind(name)
            .bind(forgotten)
            .execute(&mut *conn).await?;
        sqlx::query(
            "INSERT INTO idempotency (api_key_id, name, fingerprint, created_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING")
            .bind(key)
            .bind(name)
            .bind(fingerprint)
            .bind(now)
            .execute(conn).await.map(|done| done.rows_affected() == 1)
    })
}

/// What is kept under a name.
pub async fn get(tx: &mut Tx, key: ApiKeyId, name: &str) -> sqlx::Result<Option<StoredAnswer>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT fingerprint, status, answer, created_at
         FROM idempotency
         WHERE api_key_id = $1
           AND name = $2")
        .bind(key)
        .bind(name)
        .fetch_optional(conn).await)
}

/// Takes over a request whose server died over it, begun at `was`; `false` when somebody else was quicker.
pub async fn take_over(tx: &mut Tx, key: ApiKeyId, name: &str, was: Time, now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE idempotency
         SET created_at = $4
         WHERE api_key_id = $1
           AND name = $2
           AND created_at = $3
           AND status IS NULL")
        .bind(key)
        .bind(name)
        .bind(was)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Keeps the answer, and whom it is about.
pub async fn keep(
    tx: &mut Tx,
    key: ApiKeyId,
    name: &str,
    status: i64,
    answer: &str,
    about: Option<UserId>,
) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE idempotency
         SET status = $3, answer = $4, user_id = $5
         WHERE api_key_id = $1
           AND name = $2")
        .bind(key)
        .bind(name)
        .bind(status)
        .bind(answer)
        .bind(about)
        .execute(conn).await.map(|_| ()))
}

/// Forgets the answers about somebody: what they answer stays done, and *not found* is all that is left to say.
pub async fn forget(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE idempotency SET status = 404, answer = '' WHERE user_id = $1")
        .bind(user)
        .execute(conn).await.map(|_| ()))
}

/// Frees a name whose request changed nothing.
pub async fn free(tx: &mut Tx, key: ApiKeyId, name: &str) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM idempotency WHERE api_key_id = $1 AND name = $2")
        .bind(key)
        .bind(name)
        .execute(conn).await.map(|_| ()))
}

/// Forgets answers from before an instant.
pub async fn prune(tx: &mut Tx, before: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM idempotency WHERE created_at <= $1")
        .bind(before)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::accounts::api_key::{Access, ApiKeySecret, Scope},
        server::store::{api_keys, db_test},
    };

    async fn key(tx: &mut Tx, secret_hash: &[u8]) -> sqlx::Result<ApiKeyId> {
        let new = api_keys::NewApiKey {
            name: "Shop",
            access: &Access::Scope(Scope::Write),
            key: &ApiKeySecret("pal_wxyz".into()),
            secret_hash,
            admin: None,
            created_at: Time(1),
        };
        api_keys::insert(tx, &new).await
    }

    db_test!(a_name_belongs_to_the_first_request_of_its_key, |db| {
        let mut tx = db.begin().await?;
        let (one, two) = (key(&mut tx, b"1").await?, key(&mut tx, b"2").await?);
        assert!(claim(&mut tx, one, "n", b"f", Time(10), Time(0)).await?);
        assert!(!claim(&mut tx, one, "n", b"g", Time(11), Time(0)).await?);
        assert!(claim(&mut tx, two, "n", b"f", Time(11), Time(0)).await?);
        assert!(!take_over(&mut tx, one, "n", Time(9), Time(12)).await?);
        assert!(take_over(&mut tx, one, "n", Time(10), Time(12)).await?);
        keep(&mut tx, one, "n", 201, "{}", Some(UserId(3))).await?;
        assert!(!take_over(&mut tx, one, "n", Time(12), Time(13)).await?);
        let kept = get(&mut tx, one, "n").await?.expect("an answer");
        assert_eq!((kept.fingerprint, kept.status, kept.answer.as_str()), (b"f".to_vec(), Some(201), "{}"));
        forget(&mut tx, UserId(3)).await?;
        let kept = get(&mut tx, one, "n").await?.expect("an answer");
        assert_eq!((kept.status, kept.answer.as_str()), (Some(404), ""));
        free(&mut tx, two, "n").await?;
        assert_eq!(get(&mut tx, two, "n").await?, None);
        tx.commit().await
    });

    db_test!(names_are_free_again_after_their_time, |db| {
        let mut tx = db.begin().await?;
        let key = key(&mut tx, b"1").await?;
        assert!(claim(&mut tx, key, "n", b"f", Time(10), Time(0)).await?);
        assert!(claim(&mut tx, key, "n", b"g", Time(90), Time(10)).await?);
        prune(&mut tx, Time(89)).await?;
        assert!(get(&mut tx, key, "n").await?.is_some());
        prune(&mut tx, Time(90)).await?;
        assert_eq!(get(&mut tx, key, "n").await?, None);
        tx.commit().await
    });
}
