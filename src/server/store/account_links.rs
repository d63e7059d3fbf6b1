//! Links by which people come in without a password, or prove that an address is theirs. Only hashes of their secrets
//! are kept.

use crate::{
    domain::{
        accounts::account_link::LinkPurpose,
        ids::{AccountLinkId, UserId},
        time::Time,
    },
    server::store::db::{Tx, with_conn},
};
use sqlx::QueryBuilder;

/// What a new link is for.
pub struct NewAccountLink<'a> {
    pub user: UserId,
    pub purpose: LinkPurpose,
    /// The address that it is sent to.
    pub email: &'a str,
    /// Where it leads, if somebody wanted to go somewhere.
    pub next: Option<&'a str>,
    pub now: Time,
}

impl NewAccountLink<'_> {
    /// When it ends.
    pub fn expires_at(&self) -> Time {
        self.now.plus(self.purpose.lifetime())
    }
}

/// A link that can be used, with its account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AccountLinkRecord {
    pub id: AccountLinkId,
    pub user_id: UserId,
    pub purpose: LinkPurpose,
    pub email: String,
    pub next: Option<String>,
    pub username: String,
}

/// Keeps a link that has no secret yet.
pub async fn insert(tx: &mut Tx, link: &NewAccountLink<'_>) -> sqlx::Result<AccountLinkId> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO account_links (user_id, purpose, email, next, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         RETURNING id")
        .bind(link.user)
        .bind(link.purpose)
        .bind(link.email)
        .bind(link.next)
        .bind(link.now)
        .bind(link.expires_at())
        .fetch_one(conn).await)
}

/// Of a link `l` of the user `u`: whether it can be used, its time apart. One that the host product has asked for makes
/// nobody an admin.
const USABLE: &str = " u.disabled_at IS NULL
   AND CASE l.purpose
         WHEN 'change_email' THEN NOT EXISTS (SELECT 1 FROM users o WHERE o.email = l.email)
         WHEN 'login' THEN u.role <> 'admin'
         ELSE u.email = l.email
       END
   AND l.expires_at > ";

/// Gives a link the hash of a secret, just before the mail with the secret is sent; `false` when nobody needs the link
/// any more: it was used, has expired, its user is disabled, or its address is another one or confirmed by now.
pub async fn arm(tx: &mut Tx, link: AccountLinkId, token_hash: &[u8], now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => QueryBuilder::new("INSERT INTO account_link_tokens (token_hash, link_id) SELECT ")
        .push_bind(token_hash)
        .push(", l.id FROM account_links l JOIN users u ON u.id = l.user_id WHERE l.id = ")
        .push_bind(link)
        .push(" AND")
        .push(USABLE)
        .push_bind(now)
        .push(" AND (l.purpose <> 'verify_email' OR u.email_verified_at IS NULL)")
        .build()
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// The link with a secret of this hash, if it can be used.
pub async fn usable(tx: &mut Tx, token_hash: &[u8], now: Time) -> sqlx::Result<Option<AccountLinkRecord>> {
    with_conn!(tx, conn => QueryBuilder::new(
        "SELECT l.id, l.user_id, l.purpose, l.email, l.next, u.username
         FROM account_link_tokens t
         JOIN account_links l ON l.id = t.link_id
         JOIN users u ON u.id = l.user_id
         WHERE t.token_hash = ")
        .push_bind(token_hash)
        .push(" AND")
        .push(USABLE)
        .push_bind(now)
        .build_query_as()
        .fetch_optional(conn).await)
}

/// Uses a link up; `false` when somebody was quicker.
pub async fn use_up(tx: &mut Tx, link: AccountLinkId) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM account_links WHERE id = $1")
        .bind(link)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Ends all links of this user.
pub async fn end_all(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM account_links WHERE user_id = $1")
        .bind(user)
        .execute(conn).await.map(|_| ()))
}

/// Removes links that have expired.
pub async fn prune(tx: &mut Tx, now: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM account_links WHERE expires_at <= $1")
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{accounts::email::Email, time::MINUTE},
        server::store::{db_test, fixtures, users},
    };

    fn link(user: UserId, purpose: LinkPurpose, email: &str) -> NewAccountLink<'_> {
        NewAccountLink { user, purpose, email, next: Some("/profile"), now: Time(10) }
    }

    db_test!(a_link_works_by_each_of_its_secrets_and_once, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let id = insert(&mut tx, &link(ann, LinkPurpose::SignIn, "ann@example.com")).await?;
        assert!(usable(&mut tx, b"one", Time(11)).await?.is_none());
        assert!(arm(&mut tx, id, b"one", Time(11)).await? && arm(&mut tx, id, b"two", Time(12)).await?);
        for secret in [&b"one"[..], b"two"] {
            let found = usable(&mut tx, secret, Time(13)).await?.expect("a link");
            assert_eq!((found.id, found.user_id, found.username.as_str()), (id, ann, "ann"));
            assert_eq!((found.purpose, found.next.as_deref()), (LinkPurpose::SignIn, Some("/profile")));
        }
        let end = Time(10 + 15 * MINUTE);
        assert!(usable(&mut tx, b"one", end.plus(-1)).await?.is_some());
        assert!(usable(&mut tx, b"one", end).await?.is_none() && !arm(&mut tx, id, b"three", end).await?);
        assert!(use_up(&mut tx, id).await? && !use_up(&mut tx, id).await?);
        assert!(usable(&mut tx, b"two", Time(13)).await?.is_none());
        assert!(!arm(&mut tx, id, b"three", Time(13)).await?);
        tx.commit().await
    });

    db_test!(a_link_is_for_the_address_that_it_was_sent_to, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let mut ids = vec![];
        for (purpose, email) in [
            (LinkPurpose::ResetPassword, "ann@example.com"),
            (LinkPurpose::VerifyEmail, "ann@example.com"),
            (LinkPurpose::ChangeEmail, "free@example.com"),
            (LinkPurpose::Login, "ann@example.com"),
            (LinkPurpose::ChangeEmail, "bob@example.com"),
        ] {
            ids.push(insert(&mut tx, &link(ann, purpose, email)).await?);
        }
        let mut armed = vec![];
        for id in &ids {
            armed.push(arm(&mut tx, *id, format!("first {id}").as_bytes(), Time(11)).await?);
        }
        assert_eq!(armed, [true, true, true, true, false]);
        users::change_email(&mut tx, bob, &Email::parse("free@example.com").expect("an address")).await?;
        users::change_email(&mut tx, ann, &Email::parse("anna@example.com").expect("an address")).await?;
        let mut armed = vec![];
        for id in &ids {
            armed.push(arm(&mut tx, *id, format!("second {id}").as_bytes(), Time(11)).await?);
        }
        assert_eq!(armed, [false, false, false, true, true]);
        end_all(&mut tx, ann).await?;
        assert!(!use_up(&mut tx, ids[3]).await?);
        tx.commit().await
    });

    db_test!(nobody_is_asked_to_confirm_what_is_confirmed, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let id = insert(&mut tx, &link(ann, LinkPurpose::VerifyEmail, "ann@example.com")).await?;
        assert!(arm(&mut tx, id, b"one", Time(11)).await?);
        assert!(users::verify_email(&mut tx, ann, Time(12)).await?);
        assert!(!arm(&mut tx, id, b"two", Time(13)).await?);
        assert!(usable(&mut tx, b"one", Time(13)).await?.is_some());
        tx.commit().await
    });

    db_test!(links_go_with_their_user_and_with_time, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let own = insert(&mut tx, &link(ann, LinkPurpose::VerifyEmail, "ann@example.com")).await?;
        let old = insert(&mut tx, &link(bob, LinkPurpose::Login, "bob@example.com")).await?;
        assert!(arm(&mut tx, own, b"own", Time(11)).await? && arm(&mut tx, old, b"old", Time(11)).await?);
        prune(&mut tx, Time(10 + 10 * MINUTE)).await?;
        assert!(!use_up(&mut tx, old).await?);
        assert!(usable(&mut tx, b"own", Time(11)).await?.is_some());
        users::delete(&mut tx, ann).await?;
        assert!(!use_up(&mut tx, own).await?);
        tx.commit().await
    });
}
