//! People with an account.

use super::{Tx, on};
use crate::domain::{email::Email, ids::UserId, time::Time, username::Username};

/// A user as sign-in and attribution need one.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserRecord {
    pub id: UserId,
    pub email: String,
    pub email_normalised: String,
    pub username: String,
    pub password_hash: Option<String>,
    pub role: String,
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
    on!(tx, conn => sqlx::query_scalar(
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

pub async fn by_email(tx: &mut Tx, email: &Email) -> sqlx::Result<Option<UserRecord>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT id, email, email_normalised, username, password_hash, role, disabled_at
         FROM users
         WHERE email = $1")
        .bind(email.as_str())
        .fetch_optional(conn).await)
}

/// Whether the e-mail and whether the username have an account.
pub async fn taken(tx: &mut Tx, email: &Email, username: &Username) -> sqlx::Result<(bool, bool)> {
    on!(tx, conn => sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM users WHERE email = $1),
                EXISTS (SELECT 1 FROM users WHERE username_key = $2)")
        .bind(email.as_str())
        .bind(username.key())
        .fetch_one(conn).await)
}

pub async fn by_id(tx: &mut Tx, id: UserId) -> sqlx::Result<Option<UserRecord>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT id, email, email_normalised, username, password_hash, role, disabled_at
         FROM users
         WHERE id = $1")
        .bind(id)
        .fetch_optional(conn).await)
}

pub async fn any_admin(tx: &mut Tx) -> sqlx::Result<bool> {
    on!(tx, conn => sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin')")
        .fetch_one(conn).await)
}

pub async fn count_admins(tx: &mut Tx) -> sqlx::Result<i64> {
    on!(tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL")
        .fetch_one(conn).await)
}

pub async fn any(tx: &mut Tx) -> sqlx::Result<bool> {
    on!(tx, conn => sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users)").fetch_one(conn).await)
}

pub async fn set_password(tx: &mut Tx, id: UserId, hash: &str) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1")
        .bind(id)
        .bind(hash)
        .execute(conn).await.map(|_| ()))
}

pub async fn set_referred_by(tx: &mut Tx, id: UserId, referrer: UserId) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query("UPDATE users SET referred_by = $2 WHERE id = $1")
        .bind(id)
        .bind(referrer)
        .execute(conn).await.map(|_| ()))
}

/// Disables an account since an instant, or enables it again.
pub async fn set_disabled(tx: &mut Tx, id: UserId, since: Option<Time>) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query("UPDATE users SET disabled_at = $2 WHERE id = $1")
        .bind(id)
        .bind(since)
        .execute(conn).await.map(|_| ()))
}

/// Deletes the account; sessions go with it, referrals and counters stay.
pub async fn delete(tx: &mut Tx, id: UserId) -> sqlx::Result<()> {
    // The copy of the e-mail by which codes are sorted.
    on!(&mut *tx, conn => sqlx::query("UPDATE codes SET order_beneficiary = '~' WHERE beneficiary_id = $1")
        .bind(id)
        .execute(conn).await.map(|_| ()))?;
    on!(tx, conn => sqlx::query("DELETE FROM users WHERE id = $1").bind(id).execute(conn).await.map(|_| ()))
}

/// Up to `limit` users after `after` who have no personal code yet: id and username.
pub async fn without_code(tx: &mut Tx, after: UserId, limit: i64) -> sqlx::Result<Vec<(UserId, String)>> {
    on!(tx, conn => sqlx::query_as(
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
    on!(tx, conn => sqlx::query_scalar(
        "SELECT COUNT(*)
         FROM users u
         WHERE NOT EXISTS (SELECT 1 FROM codes c WHERE c.owner_id = u.id)")
        .fetch_one(conn).await)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{db_test, fixtures, order},
        *,
    };

    fn ann() -> (Email, Username) {
        (Email::parse("Ann@Example.com").expect("an address"), Username::parse("Ann").expect("a name"))
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
        let (email, username) = ann();
        let mut tx = db.begin().await?;
        let id = insert(&mut tx, &new(&email, &username)).await?;
        assert!(id.is_some());
        let other = Email::parse("other@example.com").expect("an address");
        let upper = Username::parse("ANN").expect("a name");
        assert_eq!(insert(&mut tx, &new(&other, &upper)).await?, None);
        assert_eq!(insert(&mut tx, &new(&email, &Username::parse("Bob").expect("a name"))).await?, None);
        assert_eq!(taken(&mut tx, &other, &upper).await?, (false, true));
        tx.commit().await?;
        let found = by_email(&mut db.read().await?, &email).await?.expect("Ann");
        assert_eq!((Some(found.id), found.username.as_str(), found.role.as_str()), (id, "Ann", "user"));
        Ok(())
    });

    db_test!(deleting_a_referrer_leaves_the_referee, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let code = fixtures::Campaign::default().credits(ann).insert(&mut tx, "SPRING").await?;
        order::place(&mut tx, &[code], Time(1)).await?;
        set_referred_by(&mut tx, bob, ann).await?;
        delete(&mut tx, ann).await?;
        // No copy of the e-mail is left.
        assert_eq!(order::behind(&mut tx, &[code], Time(1)).await?, []);
        assert!(by_id(&mut tx, ann).await?.is_none());
        assert!(by_id(&mut tx, bob).await?.is_some());
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
