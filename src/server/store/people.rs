//! Users, as admins see and change them.

use super::{Tx, on};
use crate::domain::{ids::UserId, time::Time};

/// A user with what a list shows.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Person {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub role: String,
    pub disabled_at: Option<Time>,
    pub code: Option<String>,
    pub referred_by: Option<String>,
    pub referral_goal: i64,
    pub signups: i64,
    pub clicks: i64,
    pub created_at: Time,
}

const PERSON: &str = "SELECT u.id, u.email, u.username, u.role, u.disabled_at, u.referral_goal, u.created_at,
       (SELECT code FROM codes WHERE owner_id = u.id) AS code,
       (SELECT username FROM users r WHERE r.id = u.referred_by) AS referred_by,
       CAST(COALESCE((SELECT SUM(signups) FROM codes WHERE owner_id = u.id), 0)
            + COALESCE((SELECT SUM(signups) FROM codes WHERE beneficiary_id = u.id), 0) AS BIGINT) AS signups,
       CAST(COALESCE((SELECT SUM(clicks) FROM counted_codes WHERE owner_id = u.id), 0)
            + COALESCE((SELECT SUM(clicks) FROM counted_codes WHERE beneficiary_id = u.id), 0) AS BIGINT) AS clicks
FROM users u";

/// Up to `limit` users before the id `before`, newest first.
pub async fn newest(tx: &mut Tx, before: i64, limit: i64) -> sqlx::Result<Vec<Person>> {
    on!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new(PERSON);
        query.push(" WHERE u.id < ").push_bind(before).push(" ORDER BY u.id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// Up to `limit` users by e-mail, after that of the user `after`.
pub async fn by_email(tx: &mut Tx, after: UserId, limit: i64) -> sqlx::Result<Vec<Person>> {
    on!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new(PERSON);
        query.push(" WHERE u.email > COALESCE((SELECT email FROM users WHERE id = ").push_bind(after);
        query.push("), '') ORDER BY u.email LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// These users, in any order.
pub async fn by_ids(tx: &mut Tx, ids: &[UserId]) -> sqlx::Result<Vec<Person>> {
    let among = tx.pick(
        " WHERE u.id IN (SELECT value FROM json_each(",
        " WHERE u.id IN (SELECT value::bigint FROM json_array_elements_text(",
    );
    let end = tx.pick("))", "::json))");
    on!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new(PERSON);
        query.push(among).push_bind(super::json(ids)).push(end);
        query.build_query_as().fetch_all(conn).await
    })
}

/// A user with all that is kept about the person, but no secret.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub external_id: Option<String>,
    pub locale: Option<String>,
    pub referral_goal: i64,
    pub role: String,
    pub disabled_at: Option<Time>,
    pub code: Option<String>,
    pub referred_by: Option<String>,
    pub signups: i64,
    pub clicks: i64,
    pub created_at: Time,
}

/// Up to `limit` users whose e-mail or username begins with `q`, newest first, for a table to take away.
pub async fn lines(tx: &mut Tx, q: &str, before: i64, limit: i64) -> sqlx::Result<Vec<Line>> {
    let end = if q.is_empty() { String::new() } else { format!("{q}\u{10ffff}") };
    on!(tx, conn => sqlx::query_as(
        "SELECT u.id, u.email, u.username, u.full_name, u.phone, u.external_id, u.locale, u.referral_goal, u.role,
                u.disabled_at, u.created_at,
                (SELECT code FROM codes WHERE owner_id = u.id) AS code,
                (SELECT username FROM users r WHERE r.id = u.referred_by) AS referred_by,
                CAST(COALESCE((SELECT SUM(signups) FROM codes WHERE owner_id = u.id), 0)
                     + COALESCE((SELECT SUM(signups) FROM codes WHERE beneficiary_id = u.id), 0) AS BIGINT) AS signups,
                CAST(COALESCE((SELECT SUM(clicks) FROM counted_codes WHERE owner_id = u.id), 0)
                     + COALESCE((SELECT SUM(clicks) FROM counted_codes WHERE beneficiary_id = u.id), 0) AS BIGINT) AS clicks
         FROM users u
         WHERE u.id < $1
           AND ($3 = ''
                OR (u.email >= $2 AND u.email < $3)
                OR (u.username_key >= $2 AND u.username_key < $3))
         ORDER BY u.id DESC
         LIMIT $4")
        .bind(before)
        .bind(q)
        .bind(&end)
        .bind(limit)
        .fetch_all(conn).await)
}

pub async fn by_id(tx: &mut Tx, id: UserId) -> sqlx::Result<Option<Person>> {
    Ok(by_ids(tx, &[id]).await?.pop())
}

/// A name by which a user can be found.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Name {
    /// The e-mail, or the username in lower case.
    pub text: String,
    pub id: UserId,
    /// The other of the two.
    pub other: String,
}

/// Up to `limit` e-mails after `after` that begin with `q` (in lower case), in order.
pub async fn emails(tx: &mut Tx, q: &str, after: &str, limit: i64) -> sqlx::Result<Vec<Name>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT email AS text, id, username_key AS other
         FROM users
         WHERE email >= $1
           AND email < $2
           AND email > $3
         ORDER BY email
         LIMIT $4")
        .bind(q)
        .bind(format!("{q}\u{10ffff}"))
        .bind(after)
        .bind(limit)
        .fetch_all(conn).await)
}

/// The same of usernames.
pub async fn usernames(tx: &mut Tx, q: &str, after: &str, limit: i64) -> sqlx::Result<Vec<Name>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT username_key AS text, id, email AS other
         FROM users
         WHERE username_key >= $1
           AND username_key < $2
           AND username_key > $3
         ORDER BY username_key
         LIMIT $4")
        .bind(q)
        .bind(format!("{q}\u{10ffff}"))
        .bind(after)
        .bind(limit)
        .fetch_all(conn).await)
}

/// The user with this e-mail or username, in full, without regard to case.
pub async fn named(tx: &mut Tx, name: &str) -> sqlx::Result<Option<UserId>> {
    on!(tx, conn => sqlx::query_scalar(
        "SELECT id FROM users WHERE email = $1
         UNION ALL
         SELECT id FROM users WHERE username_key = $1
         LIMIT 1")
        .bind(name.trim().to_lowercase())
        .fetch_optional(conn).await)
}

/// Usernames of these users.
pub async fn names_of(tx: &mut Tx, ids: &[UserId]) -> sqlx::Result<Vec<(UserId, String)>> {
    let sql = tx.pick(
        "SELECT id, username FROM users WHERE id IN (SELECT value FROM json_each($1))",
        "SELECT id, username FROM users WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))",
    );
    on!(tx, conn => sqlx::query_as(sql).bind(super::json(ids)).fetch_all(conn).await)
}

/// Sets what an admin may change of a user.
pub async fn update(tx: &mut Tx, id: UserId, goal: i64, admin: bool, disabled_at: Option<Time>) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query("UPDATE users SET referral_goal = $2, role = $3, disabled_at = $4 WHERE id = $1")
        .bind(id)
        .bind(goal)
        .bind(if admin { "admin" } else { "user" })
        .bind(disabled_at)
        .execute(conn).await.map(|_| ()))
}

/// Whom a user brought, the latest first: name (empty when gone) and when.
pub async fn brought_by(tx: &mut Tx, id: UserId, limit: i64) -> sqlx::Result<Vec<(String, Time)>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT referee_name, signed_up_at
         FROM referrals
         WHERE referrer_id = $1
         ORDER BY signed_up_at DESC, id DESC
         LIMIT $2")
        .bind(id)
        .bind(limit)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{db_test, fixtures},
        *,
    };

    db_test!(users_are_listed_and_changed, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "Ann").await?;
        let bob = fixtures::user(&mut tx, "bob").await?;
        fixtures::user(&mut tx, "anton").await?;
        let names = |rows: Vec<Person>| rows.into_iter().map(|p| p.username).collect::<Vec<_>>();
        assert_eq!(names(newest(&mut tx, i64::MAX, 10).await?), ["anton", "bob", "Ann"]);
        assert_eq!(names(newest(&mut tx, bob.0, 10).await?), ["Ann"]);
        assert_eq!(names(by_email(&mut tx, UserId(0), 2).await?), ["Ann", "anton"]);
        assert_eq!(names(by_email(&mut tx, ann, 9).await?), ["anton", "bob"]);
        assert_eq!(names_of(&mut tx, &[bob, UserId(999)]).await?, [(bob, "bob".into())]);
        let line_names = |rows: Vec<Line>| rows.into_iter().map(|line| line.username).collect::<Vec<_>>();
        assert_eq!(line_names(lines(&mut tx, "", i64::MAX, 2).await?), ["anton", "bob"]);
        assert_eq!(line_names(lines(&mut tx, "an", i64::MAX, 10).await?), ["anton", "Ann"]);
        assert_eq!(line_names(lines(&mut tx, "an", ann.0 + 1, 10).await?), ["Ann"]);
        assert!(brought_by(&mut tx, ann, 5).await?.is_empty());
        update(&mut tx, ann, 3, true, Some(Time(4))).await?;
        let changed = by_id(&mut tx, ann).await?.expect("Ann");
        assert_eq!((changed.referral_goal, changed.role.as_str(), changed.disabled_at), (3, "admin", Some(Time(4))));
        tx.commit().await
    });

    db_test!(users_are_found_by_their_names, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "Ann").await?;
        let anton = fixtures::user(&mut tx, "anton").await?;
        let texts = |rows: Vec<Name>| rows.into_iter().map(|name| name.text).collect::<Vec<_>>();
        assert_eq!(texts(usernames(&mut tx, "an", "", 9).await?), ["ann", "anton"]);
        assert_eq!(texts(emails(&mut tx, "an", "ann@example.com", 9).await?), ["anton@example.com"]);
        assert_eq!(texts(emails(&mut tx, "ant", "", 9).await?), ["anton@example.com"]);
        assert_eq!(named(&mut tx, " ANN ").await?, Some(ann));
        assert_eq!(named(&mut tx, "Anton@Example.com").await?, Some(anton));
        assert_eq!(named(&mut tx, "an").await?, None);
        tx.commit().await
    });
}
