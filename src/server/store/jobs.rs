//! Work that goes on in the background, and who holds the lease on it.

use crate::{
    domain::{
        ids::{JobId, UserId},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use sqlx::QueryBuilder;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct JobRecord {
    pub id: JobId,
    pub kind: String,
    /// What is to be done, as JSON.
    pub payload: String,
    /// `open`, `done` or `failed`.
    pub state: String,
    /// Why it failed.
    pub problem: Option<String>,
    /// How far it is, of `total`.
    pub done: i64,
    pub total: i64,
    /// How often it was taken. Whoever does the job writes with this number only.
    pub lease: i64,
    pub actor_id: Option<UserId>,
    /// The name as it was.
    pub actor: String,
    pub created_at: Time,
    pub ended_at: Option<Time>,
}

/// The columns of [`JobRecord`].
macro_rules! columns {
    () => {
        "id, kind, payload, state, problem, done, total, lease, actor_id, actor, created_at, ended_at"
    };
}

/// A job that nobody has taken yet.
pub struct NewJob<'a> {
    pub kind: &'a str,
    pub payload: String,
    pub total: i64,
    pub actor_id: Option<UserId>,
    pub actor: &'a str,
    pub created_at: Time,
}

pub async fn insert(tx: &mut Tx, new: &NewJob<'_>) -> sqlx::Result<JobId> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO jobs (kind, payload, total, actor_id, actor, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         RETURNING id")
        .bind(new.kind)
        .bind(&new.payload)
        .bind(new.total)
        .bind(new.actor_id)
        .bind(new.actor)
        .bind(new.created_at)
        .fetch_one(conn).await)
}

/// Whether a job waits for somebody.
pub async fn any_free(tx: &mut Tx, now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'open' AND leased_until <= $1)")
        .bind(now)
        .fetch_one(conn).await)
}

/// Takes the oldest job that nobody holds, until an instant; instances that ask at once get different ones.
pub async fn take(tx: &mut Tx, now: Time, until: Time) -> sqlx::Result<Option<JobRecord>> {
    // Instances that take at once pass over the rows that another one is taking; SQLite has one writer.
    let lock = tx.dialect("", " FOR UPDATE SKIP LOCKED");
    with_conn!(tx, conn => QueryBuilder::new("UPDATE jobs SET lease = lease + 1, leased_until = ")
        .push_bind(until)
        .push(" WHERE id = (SELECT id FROM jobs WHERE state = 'open' AND leased_until <= ")
        .push_bind(now)
        .push(" ORDER BY id LIMIT 1")
        .push(lock)
        .push(concat!(") RETURNING ", columns!()))
        .build_query_as()
        .fetch_optional(conn).await)
}

/// Moves a job on by `steps` (back when negative) and holds it until an instant; `false` when somebody else has it by
/// now.
pub async fn advance(tx: &mut Tx, job: &JobRecord, steps: i64, until: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE jobs
         SET done = done + $3, leased_until = $4
         WHERE id = $1
           AND lease = $2
           AND state = 'open'")
        .bind(job.id)
        .bind(job.lease)
        .bind(steps)
        .bind(until)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Ends a job, with a problem when it failed; `false` when somebody else has it by now.
pub async fn end(tx: &mut Tx, job: &JobRecord, problem: Option<&str>, now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE jobs
         SET state = $3, problem = $4, ended_at = $5
         WHERE id = $1
           AND lease = $2
           AND state = 'open'")
        .bind(job.id)
        .bind(job.lease)
        .bind(if problem.is_some() { "failed" } else { "done" })
        .bind(problem)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Takes the names of somebody who is to be forgotten out of all jobs: of whoever asked, and of whom codes credit.
pub async fn forget(tx: &mut Tx, user: UserId, emails: &[String], nobody: &str) -> sqlx::Result<()> {
    with_conn!(tx, conn => {
        sqlx::query("UPDATE jobs SET actor = $2 WHERE actor_id = $1")
            .bind(user)
            .bind(nobody)
            .execute(&mut *conn).await?;
        for email in emails {
            sqlx::query("UPDATE jobs SET payload = REPLACE(payload, $1, $2) WHERE payload LIKE '%' || $1 || '%'")
                .bind(json(email))
                .bind(json(nobody))
                .execute(&mut *conn).await?;
        }
        Ok(())
    })
}

pub async fn by_id(tx: &mut Tx, kind: &str, id: JobId) -> sqlx::Result<Option<JobRecord>> {
    with_conn!(tx, conn => sqlx::query_as(concat!("SELECT ", columns!(), " FROM jobs WHERE id = $1 AND kind = $2"))
        .bind(id)
        .bind(kind)
        .fetch_optional(conn).await)
}

/// Up to `limit` jobs of a kind: open ones first, then the latest.
pub async fn latest(tx: &mut Tx, kind: &str, limit: i64) -> sqlx::Result<Vec<JobRecord>> {
    with_conn!(tx, conn => sqlx::query_as(concat!(
        "SELECT ", columns!(), "
         FROM jobs
         WHERE kind = $1
         ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, id DESC
         LIMIT $2"))
        .bind(kind)
        .bind(limit)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    fn new(total: i64) -> NewJob<'static> {
        NewJob { kind: "test", payload: "{}".into(), total, actor_id: None, actor: "ann", created_at: Time(1) }
    }

    db_test!(a_job_is_taken_once_until_its_lease_ends, |db| {
        let mut tx = db.begin().await?;
        let id = insert(&mut tx, &new(10)).await?;
        assert!(any_free(&mut tx, Time(5)).await?);
        let first = take(&mut tx, Time(5), Time(10)).await?.expect("a job");
        assert_eq!((first.id, first.lease), (id, 1));
        assert!(!any_free(&mut tx, Time(9)).await?);
        assert_eq!(take(&mut tx, Time(9), Time(20)).await?, None);
        assert!(advance(&mut tx, &first, 4, Time(12)).await?);
        assert_eq!(take(&mut tx, Time(11), Time(20)).await?, None);
        let second = take(&mut tx, Time(12), Time(20)).await?.expect("the same job");
        assert_eq!((second.id, second.lease, second.done), (id, 2, 4));
        // Who had it before can do nothing more.
        assert!(!advance(&mut tx, &first, 1, Time(30)).await?);
        assert!(!end(&mut tx, &first, None, Time(13)).await?);
        assert!(end(&mut tx, &second, None, Time(13)).await?);
        assert!(!end(&mut tx, &second, Some("late"), Time(14)).await?);
        let ended = by_id(&mut tx, "test", id).await?.expect("the job");
        assert_eq!((ended.state.as_str(), ended.ended_at), ("done", Some(Time(13))));
        assert_eq!(by_id(&mut tx, "other", id).await?, None);
        assert_eq!(take(&mut tx, Time(99), Time(100)).await?, None);
        tx.commit().await
    });

    db_test!(somebody_who_is_forgotten_leaves_no_name, |db| {
        let mut tx = db.begin().await?;
        let payload = "{\"credited\":\"ann@example.com\",\"of\":\"joann@example.com\"}".to_owned();
        let id = insert(&mut tx, &NewJob { actor_id: Some(UserId(7)), payload, ..new(1) }).await?;
        let other = insert(&mut tx, &new(1)).await?;
        forget(&mut tx, UserId(7), &["ann@example.com".into()], "nobody").await?;
        let job = by_id(&mut tx, "test", id).await?.expect("the job");
        let payload = "{\"credited\":\"nobody\",\"of\":\"joann@example.com\"}";
        assert_eq!((job.actor.as_str(), job.payload.as_str()), ("nobody", payload));
        assert_eq!(by_id(&mut tx, "test", other).await?.expect("the job").actor, "ann");
        tx.commit().await
    });

    db_test!(open_jobs_are_listed_first, |db| {
        let mut tx = db.begin().await?;
        let mut ids = vec![];
        for _ in 0..3 {
            ids.push(insert(&mut tx, &new(1)).await?);
        }
        for id in [ids[0], ids[1]] {
            let job = take(&mut tx, Time(5), Time(10)).await?.expect("a job");
            assert_eq!(job.id, id);
        }
        let last = take(&mut tx, Time(5), Time(10)).await?.expect("a job");
        assert!(end(&mut tx, &last, Some("no"), Time(6)).await?);
        let listed: Vec<_> = latest(&mut tx, "test", 2).await?.into_iter().map(|job| job.id).collect();
        assert_eq!(listed, [ids[1], ids[0]]);
        tx.commit().await
    });

    #[tokio::test]
    async fn two_instances_take_different_jobs() -> sqlx::Result<()> {
        let db = crate::server::store::testing::postgres().await;
        let mut tx = db.begin().await?;
        let ids = [insert(&mut tx, &new(1)).await?, insert(&mut tx, &new(1)).await?];
        tx.commit().await?;
        let (mut one, mut other) = (db.begin().await?, db.begin().await?);
        let first = take(&mut one, Time(5), Time(10)).await?.map(|job| job.id);
        let second = take(&mut other, Time(5), Time(10)).await?.map(|job| job.id);
        assert_eq!([first, second], ids.map(Some));
        assert_eq!(take(&mut other, Time(5), Time(10)).await?, None);
        Ok(())
    }
}
