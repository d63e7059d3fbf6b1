//! Users by what they are known as: ids of the host product, e-mails, usernames.

use crate::{
    domain::{accounts::email, ids::UserId, plain_text::search_text},
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use sqlx::QueryBuilder;

/// By what a user is known elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Identity {
    pub id: UserId,
    pub email: String,
    pub external_id: Option<String>,
}

/// Everybody with one of these ids, external ids or e-mails.
pub async fn identify(
    tx: &mut Tx,
    ids: &[UserId],
    external_ids: &[&str],
    emails: &[&str],
) -> sqlx::Result<Vec<Identity>> {
    let sql = tx.dialect(
        "SELECT id, email, external_id FROM users WHERE id IN (SELECT value FROM json_each($1))
         UNION SELECT id, email, external_id FROM users WHERE external_id IN (SELECT value FROM json_each($2))
         UNION SELECT id, email, external_id FROM users WHERE email IN (SELECT value FROM json_each($3))",
        "SELECT id, email, external_id FROM users
         WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))
         UNION SELECT id, email, external_id FROM users
         WHERE external_id IN (SELECT value FROM json_array_elements_text($2::json))
         UNION SELECT id, email, external_id FROM users
         WHERE email IN (SELECT value FROM json_array_elements_text($3::json))",
    );
    with_conn!(tx, conn => sqlx::query_as(sql)
        .bind(json(ids))
        .bind(json(external_ids))
        .bind(json(emails))
        .fetch_all(conn).await)
}

/// The user with this e-mail or username, in full, without regard to case.
pub async fn named(tx: &mut Tx, name: &str) -> sqlx::Result<Option<UserId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT id FROM users WHERE email = $1
         UNION ALL
         SELECT id FROM users WHERE username_key = $1
         LIMIT 1")
        .bind(email::search_form(name))
        .fetch_optional(conn).await)
}

/// The user with this e-mail, username or id of the host product, in full; in this order where they are several.
pub async fn known_as(tx: &mut Tx, name: &str) -> sqlx::Result<Option<UserId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT id
         FROM (SELECT id, 1 AS place FROM users WHERE email = $1
               UNION ALL
               SELECT id, 2 FROM users WHERE username_key = $1
               UNION ALL
               SELECT id, 3 FROM users WHERE external_id = $2) AS found
         ORDER BY place
         LIMIT 1")
        .bind(email::search_form(name))
        .bind(search_text(name))
        .fetch_optional(conn).await)
}

/// Usernames of these users.
pub async fn names_of(tx: &mut Tx, ids: &[UserId]) -> sqlx::Result<Vec<(UserId, String)>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new("SELECT id, username FROM users WHERE id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .build_query_as()
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{db_test, fixtures};

    db_test!(users_are_named_by_e_mail_or_username, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "Ann").await?, fixtures::user(&mut tx, "bob").await?);
        assert_eq!(named(&mut tx, " ANN ").await?, Some(ann));
        assert_eq!(named(&mut tx, "Ann@Example.com").await?, Some(ann));
        assert_eq!(named(&mut tx, "an").await?, None);
        assert_eq!(names_of(&mut tx, &[bob, UserId(999)]).await?, [(bob, "bob".into())]);
        tx.commit().await
    });
}
