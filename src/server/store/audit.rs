//! The audit log: who did what to what and when.

use crate::{
    domain::{ids::UserId, time::Time},
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use sqlx::QueryBuilder;

/// An entry as it is kept. `before` and `after` are JSON objects.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditEntry {
    pub id: i64,
    pub at: Time,
    pub actor: String,
    /// Whoever did it, while they have an account.
    pub actor_user: Option<UserId>,
    pub action: String,
    pub target_kind: String,
    pub target_id: Option<i64>,
    pub target: String,
    /// Whether what it was done to is still there, as far as that has a page of its own.
    pub target_exists: bool,
    pub before: String,
    pub after: String,
}

const SELECT: &str = "SELECT id, at, actor, action, target_kind, target_id, target, before, after,
       (SELECT u.id FROM users u WHERE u.id = actor_id) AS actor_user,
       CASE target_kind
           WHEN 'code' THEN EXISTS (SELECT 1 FROM codes c WHERE c.id = target_id AND c.kind = 'campaign' AND c.deleted_at IS NULL)
           WHEN 'job' THEN EXISTS (SELECT 1 FROM jobs j WHERE j.id = target_id)
           WHEN 'payment' THEN EXISTS (SELECT 1 FROM payments p WHERE p.id = target_id)
           WHEN 'reward' THEN EXISTS (SELECT 1 FROM rewards r WHERE r.id = target_id)
           WHEN 'rule' THEN EXISTS (SELECT 1 FROM reward_rules r WHERE r.id = target_id AND r.deleted_at IS NULL)
           WHEN 'user' THEN EXISTS (SELECT 1 FROM users u WHERE u.id = target_id)
           WHEN 'webhook' THEN EXISTS (SELECT 1 FROM webhook_endpoints w WHERE w.id = target_id)
           ELSE FALSE
       END AS target_exists
FROM audit ";

/// What is written down.
pub struct NewAuditEntry<'a> {
    pub at: Time,
    pub actor_id: Option<UserId>,
    /// The name as it was.
    pub actor: &'a str,
    /// As `code.create`.
    pub action: &'a str,
    pub target_kind: &'a str,
    pub target_id: Option<i64>,
    /// The name as it was.
    pub target: &'a str,
    pub before: String,
    pub after: String,
}

pub async fn insert(tx: &mut Tx, new: &NewAuditEntry<'_>) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO audit (at, actor_id, actor, action, target_kind, target_id, target, before, after)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(new.at)
        .bind(new.actor_id)
        .bind(new.actor)
        .bind(new.action)
        .bind(new.target_kind)
        .bind(new.target_id)
        .bind(new.target)
        .bind(&new.before)
        .bind(&new.after)
        .execute(conn).await.map(|_| ()))
}

/// Up to `limit` entries before `before`, newest first; of one action, or of all when it is empty.
pub async fn page(tx: &mut Tx, action: &str, before: i64, limit: i64) -> sqlx::Result<Vec<AuditEntry>> {
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE id < ").push_bind(before);
        if !action.is_empty() {
            query.push(" AND action = ").push_bind(action.to_owned());
        }
        query.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// What was done to one thing, the oldest first.
pub async fn of_target(tx: &mut Tx, kind: &str, id: i64) -> sqlx::Result<Vec<AuditEntry>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE target_kind = ")
        .push_bind(kind.to_owned())
        .push(" AND target_id = ")
        .push_bind(id)
        .push(" ORDER BY id LIMIT 1000")
        .build_query_as()
        .fetch_all(conn).await)
}

/// All actions that were ever written down, in order: from each to the next one, whatever the number of entries.
pub async fn actions(tx: &mut Tx) -> sqlx::Result<Vec<String>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "WITH RECURSIVE found (action) AS (
             SELECT MIN(action) FROM audit
             UNION ALL
             SELECT (SELECT MIN(audit.action) FROM audit WHERE audit.action > found.action)
             FROM found
             WHERE found.action IS NOT NULL
         )
         SELECT action
         FROM found
         WHERE action IS NOT NULL")
        .fetch_all(conn).await)
}

/// Takes somebody who is to be forgotten out of the log: what they did and what was done to them stays, what it said
/// about them goes. `emails` are those that they ever had, `nobody` is what they are called from now on.
pub async fn forget(tx: &mut Tx, user: UserId, emails: &[String], nobody: &str) -> sqlx::Result<()> {
    with_conn!(tx, conn => {
        sqlx::query(
            "UPDATE audit
             SET target = $2, before = '{}', after = '{}'
             WHERE target_kind = 'user'
               AND target_id = $1")
            .bind(user)
            .bind(nobody)
            .execute(&mut *conn).await?;
        sqlx::query("UPDATE audit SET actor = $2 WHERE actor_id = $1")
            .bind(user)
            .bind(nobody)
            .execute(&mut *conn).await?;
        // As the beneficiary of codes.
        for email in emails {
            sqlx::query(
                "UPDATE audit
                 SET before = REPLACE(before, $1, $2), after = REPLACE(after, $1, $2)
                 WHERE target_kind IN ('code', 'job')
                   AND (before LIKE '%' || $1 || '%' OR after LIKE '%' || $1 || '%')")
                .bind(json(email))
                .bind(json(nobody))
                .execute(&mut *conn).await?;
        }
        Ok(())
    })
}

/// The e-mail of somebody, and those that they had before by what the log says.
pub async fn emails_of(tx: &mut Tx, user: UserId, email: &str) -> sqlx::Result<Vec<String>> {
    let sql = tx.dialect(
        "SELECT before ->> 'email' FROM audit WHERE target_kind = 'user' AND target_id = $1
         UNION
         SELECT after ->> 'email' FROM audit WHERE target_kind = 'user' AND target_id = $1",
        "SELECT before::json ->> 'email' FROM audit WHERE target_kind = 'user' AND target_id = $1
         UNION
         SELECT after::json ->> 'email' FROM audit WHERE target_kind = 'user' AND target_id = $1",
    );
    let logged: Vec<Option<String>> = with_conn!(tx, conn => sqlx::query_scalar(sql).bind(user).fetch_all(conn).await)?;
    let mut emails: Vec<String> = logged.into_iter().flatten().chain([email.to_owned()]).collect();
    emails.sort();
    emails.dedup();
    Ok(emails)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    db_test!(entries_come_newest_first_and_by_action, |db| {
        let mut tx = db.begin().await?;
        for action in ["code.create", "code.edit", "code.create"] {
            let new = NewAuditEntry {
                at: Time(1),
                actor_id: None,
                actor: "ann",
                action,
                target_kind: "code",
                target_id: Some(1),
                target: "SPRING",
                before: "{}".into(),
                after: "{\"active\":true}".into(),
            };
            insert(&mut tx, &new).await?;
        }
        let all = page(&mut tx, "", i64::MAX, 2).await?;
        assert_eq!(all.iter().map(|e| e.action.as_str()).collect::<Vec<_>>(), ["code.create", "code.edit"]);
        assert_eq!(page(&mut tx, "", all[1].id, 2).await?.len(), 1);
        assert_eq!(page(&mut tx, "code.create", i64::MAX, 9).await?.len(), 2);
        assert_eq!(actions(&mut tx).await?, ["code.create", "code.edit"]);
        let done: Vec<String> = of_target(&mut tx, "code", 1).await?.into_iter().map(|entry| entry.action).collect();
        assert_eq!(done, ["code.create", "code.edit", "code.create"]);
        assert!(of_target(&mut tx, "code", 0).await?.is_empty() && of_target(&mut tx, "code", 2).await?.is_empty());
        assert!(of_target(&mut tx, "user", 1).await?.is_empty());
        tx.commit().await
    });

    db_test!(somebody_who_is_forgotten_leaves_no_name, |db| {
        let mut tx = db.begin().await?;
        let mut new = NewAuditEntry {
            at: Time(1),
            actor_id: Some(UserId(7)),
            actor: "ann",
            action: "user.change",
            target_kind: "user",
            target_id: Some(7),
            target: "ann",
            before: "{\"email\":\"anna@example.com\"}".into(),
            after: "{}".into(),
        };
        insert(&mut tx, &new).await?;
        new.target_kind = "code";
        new.before = "{\"beneficiary\":\"ann@example.com\",\"of\":\"joann@example.com\"}".into();
        insert(&mut tx, &new).await?;
        new.target_kind = "job";
        new.after = "{\"beneficiary\":\"anna@example.com\"}".into();
        insert(&mut tx, &new).await?;
        let emails = emails_of(&mut tx, UserId(7), "ann@example.com").await?;
        assert_eq!(emails, ["ann@example.com", "anna@example.com"]);
        forget(&mut tx, UserId(7), &emails, "erased user").await?;
        let entries = page(&mut tx, "", i64::MAX, 9).await?;
        assert_eq!(entries[0].after, "{\"beneficiary\":\"erased user\"}");
        assert_eq!(entries[1].before, "{\"beneficiary\":\"erased user\",\"of\":\"joann@example.com\"}");
        assert!(entries.iter().all(|entry| entry.actor == "erased user"));
        assert_eq!((entries[2].target.as_str(), entries[2].before.as_str()), ("erased user", "{}"));
        tx.commit().await
    });
}
