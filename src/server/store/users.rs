//! People with an account.

use crate::{
    domain::{
        accounts::{email::Email, username::Username},
        ids::UserId,
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use sqlx::QueryBuilder;

/// A user as sign-in and attribution need one.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserRecord {
    pub id: UserId,
    pub email: String,
    pub email_normalised: String,
    pub username: String,
    pub password_hash: Option<String>,
    pub role: String,
    /// The host product's id of their workspace.
    pub account_id: Option<String>,
    pub disabled_at: Option<Time>,
}

/// What a new account starts with.
pub struct NewUser<'a> {
    pub email: &'a Email,
    pub username: &'a Username,
    pub password_hash: Option<&'a str>,
    pub admin: bool,
    pub goal: i64,
    pub consent_at: Option<Time>,
    pub created_at: Time,
}

/// Makes an account; `None` when e-mail or username are taken.
pub async fn insert(tx: &mut Tx, user: &NewUser<'_>) -> sqlx::Result<Option<UserId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO users (email, email_normalised, username, username_key, password_hash, role, referral_goal, consent_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT DO NOTHING
         RETURNING id")
        .bind(user.email.as_str())
        .bind(user.email.normalised())
        .bind(user.username.as_str())
        .bind(user.username.key())
        .bind(user.password_hash)
        .bind(if user.admin { "admin" } else { "user" })
        .bind(user.goal)
        .bind(user.consent_at)
        .bind(user.created_at)
        .fetch_optional(conn).await)
}

/// Begins a query for [`UserRecord`].
const RECORD: &str =
    "SELECT id, email, email_normalised, username, password_hash, role, account_id, disabled_at FROM users WHERE ";

pub async fn by_email(tx: &mut Tx, email: &Email) -> sqlx::Result<Option<UserRecord>> {
    with_conn!(tx, conn => QueryBuilder::new(RECORD)
        .push("email = ")
        .push_bind(email.as_str().to_owned())
        .build_query_as()
        .fetch_optional(conn).await)
}

pub async fn by_id(tx: &mut Tx, id: UserId) -> sqlx::Result<Option<UserRecord>> {
    with_conn!(tx, conn => QueryBuilder::new(RECORD)
        .push("id = ")
        .push_bind(id)
        .build_query_as()
        .fetch_optional(conn).await)
}

/// The same, and nobody changes or deletes them until the transaction ends.
pub async fn lock(tx: &mut Tx, id: UserId) -> sqlx::Result<Option<UserRecord>> {
    let lock = tx.dialect("", " FOR UPDATE");
    with_conn!(tx, conn => QueryBuilder::new(RECORD)
        .push("id = ")
        .push_bind(id)
        .push(lock)
        .build_query_as()
        .fetch_optional(conn).await)
}

/// Holds these users until the end of the transaction: nobody forgets them or counts what they have reached meanwhile.
pub async fn lock_all(tx: &mut Tx, ids: &[UserId]) -> sqlx::Result<()> {
    if matches!(tx, Tx::Sqlite(_)) {
        return Ok(());
    }
    with_conn!(tx, conn => sqlx::query(
        "SELECT id FROM users
         WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))
         ORDER BY id
         FOR NO KEY UPDATE")
        .bind(json(ids))
        .execute(conn).await.map(|_| ()))
}

/// The users of these ids; unknown ids are left out.
pub async fn by_ids(tx: &mut Tx, ids: &[UserId]) -> sqlx::Result<Vec<UserRecord>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new(RECORD)
        .push("id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .build_query_as()
        .fetch_all(conn).await)
}

/// Whether somebody takes part, as rewards need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    pub id: UserId,
    pub disabled_at: Option<Time>,
    pub email_verified_at: Option<Time>,
}

/// Whether these users take part; those who are gone are left out.
pub async fn standing_of(tx: &mut Tx, ids: &[UserId]) -> sqlx::Result<Vec<Standing>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new("SELECT id, disabled_at, email_verified_at FROM users WHERE id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .build_query_as()
        .fetch_all(conn).await)
}

/// Which of e-mail, username and external id somebody other than `user` has.
pub async fn taken(
    tx: &mut Tx,
    user: Option<UserId>,
    email: &Email,
    username: &Username,
    external_id: Option<&str>,
) -> sqlx::Result<(bool, bool, bool)> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM users WHERE email = $2 AND id <> $1),
                EXISTS (SELECT 1 FROM users WHERE username_key = $3 AND id <> $1),
                EXISTS (SELECT 1 FROM users WHERE external_id = $4 AND id <> $1)")
        .bind(user.unwrap_or(UserId(0)))
        .bind(email.as_str())
        .bind(username.key())
        .bind(external_id)
        .fetch_one(conn).await)
}

pub async fn username_taken(tx: &mut Tx, username: &Username) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE username_key = $1)")
        .bind(username.key())
        .fetch_one(conn).await)
}

pub async fn any_admin(tx: &mut Tx) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin')")
        .fetch_one(conn).await)
}

pub async fn count_admins(tx: &mut Tx) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL")
        .fetch_one(conn).await)
}

pub async fn any(tx: &mut Tx) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users)").fetch_one(conn).await)
}

pub async fn set_password(tx: &mut Tx, id: UserId, hash: &str) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1")
        .bind(id)
        .bind(hash)
        .execute(conn).await.map(|_| ()))
}

/// Takes a user's password away: they set another by a mailed link.
pub async fn clear_password(tx: &mut Tx, id: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE users SET password_hash = NULL WHERE id = $1")
        .bind(id)
        .execute(conn).await.map(|_| ()))
}

/// Gives a user another address, which nobody has confirmed yet. An error when it was taken in the meantime.
pub async fn change_email(tx: &mut Tx, id: UserId, email: &Email) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE users
         SET email = $2, email_normalised = $3, email_verified_at = NULL, version = version + 1
         WHERE id = $1")
        .bind(id)
        .bind(email.as_str())
        .bind(email.normalised())
        .execute(conn).await.map(|_| ()))
}

/// Marks the e-mail as verified; `false` when it was already.
pub async fn verify_email(tx: &mut Tx, id: UserId, now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE users SET email_verified_at = $2 WHERE id = $1 AND email_verified_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

pub async fn set_locale(tx: &mut Tx, id: UserId, locale: &str) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE users SET locale = $2, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(locale)
        .execute(conn).await.map(|_| ()))
}

pub async fn set_referred_by(tx: &mut Tx, id: UserId, referrer: Option<UserId>) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE users SET referred_by = $2, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(referrer)
        .execute(conn).await.map(|_| ()))
}

/// Deletes the account; sessions go with it, referrals and counters stay. Users and codes name them no more.
pub async fn delete(tx: &mut Tx, id: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => {
        sqlx::query("UPDATE users SET version = version + 1 WHERE referred_by = $1").bind(id).execute(&mut *conn).await?;
        sqlx::query("UPDATE codes SET version = version + 1 WHERE owner_id = $1 OR beneficiary_id = $1 OR created_by = $1")
            .bind(id)
            .execute(&mut *conn).await?;
        sqlx::query("DELETE FROM users WHERE id = $1").bind(id).execute(conn).await.map(|_| ())
    })
}

/// Notes a change that the API shows of these users and that is in another table, as their code.
pub async fn bump_versions(tx: &mut Tx, ids: &[UserId]) -> sqlx::Result<()> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new("UPDATE users SET version = version + 1 WHERE id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .build()
        .execute(conn).await.map(|_| ()))
}

/// Up to `limit` users after `after` who have no personal code yet: id and username.
pub async fn without_code(tx: &mut Tx, after: UserId, limit: i64) -> sqlx::Result<Vec<(UserId, String)>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT u.id, u.username
         FROM users u
         WHERE u.id > $1
           AND NOT EXISTS (SELECT 1 FROM codes c WHERE c.owner_id = u.id)
         ORDER BY u.id
         LIMIT $2")
        .bind(after)
        .bind(limit)
        .fetch_all(conn).await)
}

/// How many users have no personal code yet.
pub async fn count_without_code(tx: &mut Tx) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT COUNT(*)
         FROM users u
         WHERE NOT EXISTS (SELECT 1 FROM codes c WHERE c.owner_id = u.id)")
        .fetch_one(conn).await)
}

/// The user with the host product's id.
pub async fn by_external_id(tx: &mut Tx, external_id: &str) -> sqlx::Result<Option<UserRecord>> {
    with_conn!(tx, conn => QueryBuilder::new(RECORD)
        .push("external_id = ")
        .push_bind(external_id.to_owned())
        .build_query_as()
        .fetch_optional(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{code_details, codes, db_test, fixtures, user_profiles};

    fn email(text: &str) -> Email {
        Email::parse(text).expect("an address")
    }

    fn username(text: &str) -> Username {
        Username::parse(text).expect("a name")
    }

    fn new<'a>(email: &'a Email, username: &'a Username) -> NewUser<'a> {
        NewUser {
            email,
            username,
            password_hash: Some("hash"),
            admin: false,
            goal: 10,
            consent_at: None,
            created_at: Time(5),
        }
    }

    db_test!(an_email_and_a_username_are_taken_once_without_regard_to_case, |db| {
        let (ann, name) = (email("Ann@Example.com"), username("Ann"));
        let mut tx = db.begin().await?;
        let id = insert(&mut tx, &new(&ann, &name)).await?;
        assert!(id.is_some());
        let (other, upper) = (email("other@example.com"), username("ANN"));
        assert_eq!(insert(&mut tx, &new(&other, &upper)).await?, None);
        assert_eq!(insert(&mut tx, &new(&ann, &username("Bob"))).await?, None);
        assert_eq!(taken(&mut tx, None, &other, &upper, None).await?, (false, true, false));
        assert!(username_taken(&mut tx, &upper).await?);
        tx.commit().await?;
        let found = by_email(&mut db.read().await?, &ann).await?.expect("Ann");
        assert_eq!((Some(found.id), found.username.as_str(), found.role.as_str()), (id, "Ann", "user"));
        Ok(())
    });

    db_test!(deleting_a_referrer_leaves_the_referee, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        fixtures::Campaign::default().credits(ann).insert(&mut tx, "SPRING").await?;
        set_referred_by(&mut tx, bob, Some(ann)).await?;
        delete(&mut tx, ann).await?;
        assert!(by_id(&mut tx, ann).await?.is_none());
        assert!(by_id(&mut tx, bob).await?.is_some());
        tx.commit().await
    });

    db_test!(what_the_api_shows_has_another_version_after_each_change, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let own = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let campaign = fixtures::Campaign::default().credits(ann).insert(&mut tx, "SPRING").await?;
        let other = fixtures::Campaign::default().insert(&mut tx, "OTHER").await?;
        let version =
            async |tx: &mut Tx| Ok::<_, sqlx::Error>(user_profiles::profile(tx, bob).await?.expect("Bob").version);
        let code_versions = async |tx: &mut Tx| {
            let codes = [own, campaign, other];
            let mut versions = vec![];
            for code in codes {
                versions.push(code_details::details_by_id(tx, code, Time(0)).await?.expect("a code").version);
            }
            Ok::<_, sqlx::Error>(versions)
        };
        assert_eq!((version(&mut tx).await?, code_versions(&mut tx).await?), (1, vec![1, 1, 1]));
        set_password(&mut tx, bob, "hash").await?;
        assert_eq!(version(&mut tx).await?, 1);
        set_referred_by(&mut tx, bob, Some(ann)).await?;
        bump_versions(&mut tx, &[bob]).await?;
        codes::claim(&mut tx, own, Time(0)).await?;
        codes::claim_by_correction(&mut tx, campaign).await?;
        codes::release(&mut tx, campaign).await?;
        codes::set_active(&mut tx, own, false).await?;
        codes::bump_version_of_owned(&mut tx, ann).await?;
        assert_eq!((version(&mut tx).await?, code_versions(&mut tx).await?), (3, vec![4, 3, 1]));
        // Nobody is named any more by whom they are credited for.
        delete(&mut tx, ann).await?;
        assert_eq!((version(&mut tx).await?, code_versions(&mut tx).await?), (4, vec![5, 4, 1]));
        tx.commit().await
    });

    db_test!(users_without_a_code_are_found_in_order, |db| {
        let mut tx = db.begin().await?;
        for n in 0..3 {
            fixtures::user(&mut tx, &format!("user{n}")).await?;
        }
        assert_eq!(count_without_code(&mut tx).await?, 3);
        let first = without_code(&mut tx, UserId(0), 2).await?;
        assert_eq!(first.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["user0", "user1"]);
        let rest = without_code(&mut tx, first[1].0, 2).await?;
        assert_eq!(rest.len(), 1);
        tx.commit().await
    });
}
