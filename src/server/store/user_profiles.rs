//! What the host product and admins see of a user, and change.

use crate::{
    domain::{
        accounts::{email::Email, username::Username},
        ids::UserId,
        time::Time,
    },
    server::store::db::{Tx, with_conn},
};
use sqlx::QueryBuilder;

/// A user with everything that the host product asks for, the password apart.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UserProfile {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub role: String,
    pub external_id: Option<String>,
    /// The host product's id of their workspace.
    pub account_id: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub locale: Option<String>,
    pub referral_goal: i64,
    pub referred_by: Option<UserId>,
    pub disabled_at: Option<Time>,
    pub created_at: Time,
    /// Grows with every change that the API shows.
    pub version: i64,
    /// The personal code.
    pub code: Option<String>,
}

pub(super) const PROFILE: &str =
    "SELECT u.id, u.email, u.username, u.role, u.external_id, u.account_id, u.full_name, u.phone, u.locale,
       u.referral_goal, u.referred_by, u.disabled_at, u.created_at, u.version, c.code
FROM users u
LEFT JOIN codes c ON c.owner_id = u.id ";

/// The profile of one user.
pub async fn profile(tx: &mut Tx, id: UserId) -> sqlx::Result<Option<UserProfile>> {
    with_conn!(tx, conn => QueryBuilder::new(PROFILE)
        .push("WHERE u.id = ")
        .push_bind(id)
        .build_query_as()
        .fetch_optional(conn).await)
}

/// What may be changed of a user.
#[derive(Clone, Debug)]
pub struct UserUpdate<'a> {
    pub email: &'a Email,
    pub username: &'a Username,
    pub external_id: Option<&'a str>,
    pub account_id: Option<&'a str>,
    pub full_name: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub locale: Option<&'a str>,
    pub goal: i64,
    pub admin: bool,
    pub disabled_at: Option<Time>,
}

/// Sets everything at once; another e-mail is one that nobody has verified. An error when something of it was taken in
/// the meantime.
pub async fn update(tx: &mut Tx, id: UserId, update: &UserUpdate<'_>) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE users
         SET email = $2, email_normalised = $3, username = $4, username_key = $5, external_id = $6, full_name = $7,
             phone = $8, referral_goal = $9, role = $10, disabled_at = $11, account_id = $12, locale = $13,
             email_verified_at = CASE WHEN email = $2 THEN email_verified_at END, version = version + 1
         WHERE id = $1")
        .bind(id)
        .bind(update.email.as_str())
        .bind(update.email.normalised())
        .bind(update.username.as_str())
        .bind(update.username.key())
        .bind(update.external_id)
        .bind(update.full_name)
        .bind(update.phone)
        .bind(update.goal)
        .bind(if update.admin { "admin" } else { "user" })
        .bind(update.disabled_at)
        .bind(update.account_id)
        .bind(update.locale)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{
        db_test, fixtures,
        user_names::{self, Identity},
        users,
    };

    db_test!(a_user_is_changed_and_found_by_the_hosts_id, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let (address, name) =
            (Email::parse("Anna@example.com").expect("an address"), Username::parse("Anna").expect("a name"));
        let changed = UserUpdate {
            email: &address,
            username: &name,
            external_id: Some("x-1"),
            account_id: Some("team-1"),
            full_name: Some("Anna A."),
            phone: None,
            locale: Some("es"),
            goal: 3,
            admin: true,
            disabled_at: Some(Time(4)),
        };
        assert_eq!(users::taken(&mut tx, Some(ann), &address, &name, Some("x-1")).await?, (false, false, false));
        update(&mut tx, ann, &changed).await?;
        assert_eq!(users::taken(&mut tx, Some(bob), &address, &name, Some("x-1")).await?, (true, true, true));
        assert_eq!(users::taken(&mut tx, Some(bob), &address, &name, None).await?, (true, true, false));
        assert_eq!(users::by_external_id(&mut tx, "x-1").await?.map(|user| user.id), Some(ann));
        let anna = profile(&mut tx, ann).await?.expect("Anna");
        assert_eq!((anna.email.as_str(), anna.username.as_str()), ("anna@example.com", "Anna"));
        assert_eq!((anna.referral_goal, anna.role.as_str(), anna.disabled_at), (3, "admin", Some(Time(4))));
        assert_eq!((anna.account_id.as_deref(), anna.locale.as_deref()), (Some("team-1"), Some("es")));
        assert!(users::by_external_id(&mut tx, "x-2").await?.is_none());
        for name in [" x-1 ", "ANNA", "Anna@Example.com"] {
            assert_eq!(user_names::known_as(&mut tx, name).await?, Some(ann), "{name}");
        }
        for name in ["", "X-1", "x-\u{0}", "ann"] {
            assert_eq!(user_names::known_as(&mut tx, name).await?, None, "{name}");
        }
        let known = Identity { id: ann, email: "anna@example.com".into(), external_id: Some("x-1".into()) };
        for (ids, external_ids, emails) in [
            (vec![ann, UserId(99)], vec![], vec![]),
            (vec![], vec!["x-1", "x-2"], vec![]),
            (vec![ann], vec!["x-1"], vec!["anna@example.com", "nobody@example.com"]),
        ] {
            assert_eq!(
                user_names::identify(&mut tx, &ids, &external_ids, &emails).await?,
                std::slice::from_ref(&known)
            );
        }
        assert_eq!(user_names::identify(&mut tx, &[], &[], &[]).await?, []);
        tx.commit().await
    });
}
