//! Users with everything about them, as other programs ask for and change them.

use super::{Tx, on};
use crate::domain::{email::Email, ids::UserId, time::Time, username::Username};

/// A user with everything about them, the password apart.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Member {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub role: String,
    pub external_id: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub referral_goal: i64,
    pub referred_by: Option<UserId>,
    pub disabled_at: Option<Time>,
    pub created_at: Time,
    /// The personal code.
    pub code: Option<String>,
}

pub async fn by_id(tx: &mut Tx, id: UserId) -> sqlx::Result<Option<Member>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT u.id, u.email, u.username, u.role, u.external_id, u.full_name, u.phone, u.referral_goal, u.referred_by,
                u.disabled_at, u.created_at, c.code
         FROM users u
         LEFT JOIN codes c ON c.owner_id = u.id
         WHERE u.id = $1")
        .bind(id)
        .fetch_optional(conn).await)
}

/// The user with the host product's id.
pub async fn by_external_id(tx: &mut Tx, external_id: &str) -> sqlx::Result<Option<Member>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT u.id, u.email, u.username, u.role, u.external_id, u.full_name, u.phone, u.referral_goal, u.referred_by,
                u.disabled_at, u.created_at, c.code
         FROM users u
         LEFT JOIN codes c ON c.owner_id = u.id
         WHERE u.external_id = $1")
        .bind(external_id)
        .fetch_optional(conn).await)
}

/// Which of e-mail, username and external id somebody other than `user` has.
pub async fn taken(
    tx: &mut Tx,
    user: UserId,
    email: &Email,
    username: &Username,
    external_id: Option<&str>,
) -> sqlx::Result<(bool, bool, bool)> {
    on!(tx, conn => sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM users WHERE email = $2 AND id <> $1),
                EXISTS (SELECT 1 FROM users WHERE username_key = $3 AND id <> $1),
                EXISTS (SELECT 1 FROM users WHERE external_id = $4 AND id <> $1)")
        .bind(user)
        .bind(email.as_str())
        .bind(username.key())
        .bind(external_id)
        .fetch_one(conn).await)
}

pub async fn username_taken(tx: &mut Tx, username: &Username) -> sqlx::Result<bool> {
    on!(tx, conn => sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE username_key = $1)")
        .bind(username.key())
        .fetch_one(conn).await)
}

/// What other programs may set.
#[derive(Clone, Debug)]
pub struct Details<'a> {
    pub email: &'a Email,
    pub username: &'a Username,
    pub external_id: Option<&'a str>,
    pub full_name: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub goal: i64,
    pub disabled_at: Option<Time>,
}

/// Sets everything at once. An error when something of it was taken in the meantime.
pub async fn update(tx: &mut Tx, id: UserId, details: &Details<'_>) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query(
        "UPDATE users
         SET email = $2, email_normalised = $3, username = $4, username_key = $5, external_id = $6, full_name = $7,
             phone = $8, referral_goal = $9, disabled_at = $10
         WHERE id = $1")
        .bind(id)
        .bind(details.email.as_str())
        .bind(details.email.normalised())
        .bind(details.username.as_str())
        .bind(details.username.key())
        .bind(details.external_id)
        .bind(details.full_name)
        .bind(details.phone)
        .bind(details.goal)
        .bind(details.disabled_at)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{db_test, users},
        *,
    };

    db_test!(a_member_is_changed_and_found_by_the_hosts_id, |db| {
        let mut tx = db.begin().await?;
        let mut ids = vec![];
        for name in ["ann", "bob"] {
            let email = Email::parse(&format!("{name}@example.com")).expect("an address");
            let username = Username::parse(name).expect("a name");
            let new = users::NewUser {
                email: &email,
                username: &username,
                password_hash: None,
                admin: false,
                goal: 10,
                consent_at: None,
                created_at: Time(5),
            };
            ids.push(users::insert(&mut tx, &new).await?.expect("a user"));
        }
        let email = Email::parse("Anna@example.com").expect("an address");
        let username = Username::parse("Anna").expect("a name");
        let details = Details {
            email: &email,
            username: &username,
            external_id: Some("x-1"),
            full_name: Some("Anna A."),
            phone: None,
            goal: 3,
            disabled_at: None,
        };
        assert_eq!(taken(&mut tx, ids[0], &email, &username, Some("x-1")).await?, (false, false, false));
        update(&mut tx, ids[0], &details).await?;
        assert_eq!(taken(&mut tx, ids[1], &email, &username, Some("x-1")).await?, (true, true, true));
        assert_eq!(taken(&mut tx, ids[1], &email, &username, None).await?, (true, true, false));
        assert!(username_taken(&mut tx, &username).await?);
        let anna = by_external_id(&mut tx, "x-1").await?.expect("Anna");
        assert_eq!(Some(&anna), by_id(&mut tx, ids[0]).await?.as_ref());
        assert_eq!((anna.email.as_str(), anna.username.as_str(), anna.referral_goal), ("anna@example.com", "Anna", 3));
        assert_eq!(by_external_id(&mut tx, "x-2").await?, None);
        tx.commit().await
    });
}
