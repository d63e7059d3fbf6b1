//! Signed-in browsers. Only the hash of a token is kept.

use crate::{
    domain::{
        ids::{SessionId, UserId},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use sqlx::QueryBuilder;

/// A live session with its user.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionRecord {
    pub id: SessionId,
    pub user_id: UserId,
    pub seen_at: Time,
    pub username: String,
    pub role: String,
    pub locale: Option<String>,
}

/// A session as its owner sees it in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionRow {
    pub id: SessionId,
    pub user_agent: String,
    pub network: String,
    pub seen_at: Time,
}

/// What a new session starts with.
pub struct NewSession<'a> {
    pub token_hash: &'a [u8],
    pub user_id: UserId,
    pub user_agent: &'a str,
    pub network: &'a str,
    pub now: Time,
    pub expires_at: Time,
}

pub async fn insert(tx: &mut Tx, session: &NewSession<'_>) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO sessions (token_hash, user_id, user_agent, network, created_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $5, $6)")
        .bind(session.token_hash)
        .bind(session.user_id)
        .bind(session.user_agent)
        .bind(session.network)
        .bind(session.now)
        .bind(session.expires_at)
        .execute(conn).await.map(|_| ()))
}

/// The session of a token, unless it has expired or its user is disabled.
pub async fn live(tx: &mut Tx, token_hash: &[u8], now: Time) -> sqlx::Result<Option<SessionRecord>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT s.id, s.user_id, s.seen_at, u.username, u.role, u.locale
         FROM sessions s
         JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1
           AND s.expires_at > $2
           AND u.disabled_at IS NULL")
        .bind(token_hash)
        .bind(now)
        .fetch_optional(conn).await)
}

/// Those of these sessions that are live, with whether their user is an admin.
pub async fn still_live(tx: &mut Tx, ids: &[SessionId], now: Time) -> sqlx::Result<Vec<(SessionId, bool)>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new(
        "SELECT s.id, u.role = 'admin'
         FROM sessions s
         JOIN users u ON u.id = s.user_id
         WHERE u.disabled_at IS NULL
           AND s.expires_at > ")
        .push_bind(now)
        .push(" AND s.id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .build_query_as()
        .fetch_all(conn).await)
}

/// The role of whoever has this session, unless it has ended or they are disabled.
pub async fn role_of(tx: &mut Tx, id: SessionId) -> sqlx::Result<Option<String>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT u.role
         FROM sessions s
         JOIN users u ON u.id = s.user_id
         WHERE s.id = $1
           AND u.disabled_at IS NULL")
        .bind(id)
        .fetch_optional(conn).await)
}

/// Notes that a session is in use and keeps it alive.
pub async fn touch(tx: &mut Tx, id: SessionId, now: Time, expires_at: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE id = $1")
        .bind(id)
        .bind(now)
        .bind(expires_at)
        .execute(conn).await.map(|_| ()))
}

/// The live sessions of a user, the most recently used first.
pub async fn of_user(tx: &mut Tx, user: UserId, now: Time) -> sqlx::Result<Vec<SessionRow>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT id, user_agent, network, seen_at
         FROM sessions
         WHERE user_id = $1
           AND expires_at > $2
         ORDER BY seen_at DESC, id DESC
         LIMIT 100")
        .bind(user)
        .bind(now)
        .fetch_all(conn).await)
}

/// Ends one session of this user; whether there was one.
pub async fn end(tx: &mut Tx, user: UserId, id: SessionId) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM sessions WHERE id = $1 AND user_id = $2")
        .bind(id)
        .bind(user)
        .execute(conn).await.map(|done| done.rows_affected() > 0))
}

/// Ends all sessions of this user.
pub async fn end_all(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM sessions WHERE user_id = $1")
        .bind(user)
        .execute(conn).await.map(|_| ()))
}

/// Removes sessions that have expired.
pub async fn prune(tx: &mut Tx, now: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{db_test, fixtures, users};

    async fn user(tx: &mut Tx) -> sqlx::Result<UserId> {
        fixtures::user(tx, "ann").await
    }

    fn session(user_id: UserId, token_hash: &[u8]) -> NewSession<'_> {
        NewSession {
            token_hash,
            user_id,
            user_agent: "Firefox",
            network: "10.0.0.0/24",
            now: Time(10),
            expires_at: Time(100),
        }
    }

    db_test!(a_session_lives_until_it_expires_or_is_ended, |db| {
        let mut tx = db.begin().await?;
        let ann = user(&mut tx).await?;
        insert(&mut tx, &session(ann, b"one")).await?;
        insert(&mut tx, &session(ann, b"two")).await?;
        let one = live(&mut tx, b"one", Time(99)).await?.expect("a session");
        assert_eq!((one.user_id, one.username.as_str()), (ann, "ann"));
        assert!(live(&mut tx, b"one", Time(100)).await?.is_none());
        let ids = [one.id, SessionId(one.id.0 + 99)];
        assert_eq!(still_live(&mut tx, &ids, Time(99)).await?, [(one.id, false)]);
        assert_eq!(still_live(&mut tx, &ids, Time(100)).await?, []);
        touch(&mut tx, one.id, Time(50), Time(200)).await?;
        assert!(live(&mut tx, b"one", Time(150)).await?.is_some());
        assert_eq!(of_user(&mut tx, ann, Time(60)).await?.len(), 2);
        assert!(!end(&mut tx, UserId(ann.0 + 1), one.id).await?);
        assert!(end(&mut tx, ann, one.id).await?);
        assert!(live(&mut tx, b"one", Time(60)).await?.is_none());
        prune(&mut tx, Time(100)).await?;
        assert!(of_user(&mut tx, ann, Time(0)).await?.is_empty());
        tx.commit().await
    });

    db_test!(sessions_go_with_their_user, |db| {
        let mut tx = db.begin().await?;
        let ann = user(&mut tx).await?;
        insert(&mut tx, &session(ann, b"one")).await?;
        users::delete(&mut tx, ann).await?;
        assert!(live(&mut tx, b"one", Time(20)).await?.is_none());
        tx.commit().await
    });
}
