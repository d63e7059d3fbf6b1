//! Work that goes on in the background, and who holds the lease on it.

use crate::{
    domain::{
        ids::{JobId, UserId},
        job::JobPayload,
        message::Message,
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
    pub unique_key: Option<String>,
    /// What is to be done, as JSON.
    pub payload: String,
    /// `open`, `done` or `failed`.
    pub state: String,
    problem: Option<String>,
    /// Nobody takes it before.
    pub run_at: Time,
    /// How often it was begun, since it was asked for or tried again by an admin.
    pub attempts: i64,
    /// How far it is, of `total`.
    pub done: i64,
    pub total: i64,
    /// How often it was taken. Whoever does the job writes with this number only.
    pub lease: i64,
    pub leased_until: Time,
    pub actor_id: Option<UserId>,
    /// The name as it was; empty for the program itself.
    pub actor: String,
    pub created_at: Time,
    pub ended_at: Option<Time>,
}

impl JobRecord {
    /// Why the last attempt did not get through, if it did not. What cannot be read was written by another version.
    pub fn problem(&self) -> Option<Message> {
        self.problem.as_ref().map(|problem| serde_json::from_str(problem).unwrap_or(Message::JobUnknown))
    }
}

/// The columns of [`JobRecord`].
macro_rules! columns {
    () => {
        "id, kind, unique_key, payload, state, problem, run_at, attempts, done, total, lease, leased_until, actor_id, actor, created_at, ended_at"
    };
}
pub(super) use columns;

/// A job that nobody has taken yet.
pub struct NewJob<'a> {
    pub kind: &'static str,
    pub payload: String,
    /// Steps that it has.
    pub total: i64,
    pub actor_id: Option<UserId>,
    pub actor: &'a str,
    pub created_at: Time,
    /// Nobody takes it before.
    pub run_at: Time,
}

impl NewJob<'_> {
    /// A job of one step that the program itself asks for, to be done soon.
    pub fn of<P: JobPayload>(payload: &P, now: Time) -> Self {
        Self {
            kind: P::KIND,
            payload: json(payload),
            total: 1,
            actor_id: None,
            actor: "",
            created_at: now,
            run_at: now,
        }
    }
}

/// Asks for a job, within the transaction that needs it. Whoever commits it tells the workers by `new_job`, or they
/// find it within seconds.
pub async fn enqueue(tx: &mut Tx, new: &NewJob<'_>) -> sqlx::Result<JobId> {
    insert(tx, new, None).await?.ok_or(sqlx::Error::RowNotFound)
}

/// The same unless a job of its kind with this key is open, also when that one is being done.
pub async fn enqueue_once(tx: &mut Tx, new: &NewJob<'_>, key: &str) -> sqlx::Result<Option<JobId>> {
    insert(tx, new, Some(key)).await
}

async fn insert(tx: &mut Tx, new: &NewJob<'_>, key: Option<&str>) -> sqlx::Result<Option<JobId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO jobs (kind, unique_key, payload, total, actor_id, actor, created_at, run_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT DO NOTHING
         RETURNING id")
        .bind(new.kind)
        .bind(key)
        .bind(&new.payload)
        .bind(new.total)
        .bind(new.actor_id)
        .bind(new.actor)
        .bind(new.created_at)
        .bind(new.run_at)
        .fetch_optional(conn).await)
}

/// Whether a job of so many steps at most waits for somebody.
pub async fn any_free(tx: &mut Tx, most_steps: i64, now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1
                        FROM jobs
                        WHERE state = 'open'
                          AND run_at <= $1
                          AND leased_until <= $1
                          AND total <= $2)")
        .bind(now)
        .bind(most_steps)
        .fetch_one(conn).await)
}

/// Takes the job that has waited longest, among those of so many steps at most that nobody holds, until an instant;
/// workers that ask at once get different ones.
pub async fn take(tx: &mut Tx, most_steps: i64, now: Time, until: Time) -> sqlx::Result<Option<JobRecord>> {
    // Workers that take at once pass over the rows that another one is taking; SQLite has one writer.
    let lock = tx.dialect("", " FOR UPDATE SKIP LOCKED");
    with_conn!(tx, conn => QueryBuilder::new("UPDATE jobs SET lease = lease + 1, attempts = attempts + 1, leased_until = ")
        .push_bind(until)
        .push(" WHERE id = (SELECT id FROM jobs WHERE state = 'open' AND run_at <= ")
        .push_bind(now)
        .push(" AND leased_until <= ")
        .push_bind(now)
        .push(" AND total <= ")
        .push_bind(most_steps)
        .push(" ORDER BY run_at, id LIMIT 1")
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
pub async fn end(tx: &mut Tx, job: &JobRecord, problem: Option<&Message>, now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE jobs
         SET state = $3, problem = $4, ended_at = $5
         WHERE id = $1
           AND lease = $2
           AND state = 'open'")
        .bind(job.id)
        .bind(job.lease)
        .bind(if problem.is_some() { "failed" } else { "done" })
        .bind(problem.map(json))
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Lets a job go that did not get through, to be taken again from an instant on; `false` when somebody else has it by
/// now.
pub async fn retry_later(tx: &mut Tx, job: &JobRecord, problem: &Message, run_at: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE jobs
         SET problem = $3, run_at = $4, leased_until = 0
         WHERE id = $1
           AND lease = $2
           AND state = 'open'")
        .bind(job.id)
        .bind(job.lease)
        .bind(json(problem))
        .bind(run_at)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Lets a job go that is done, to be done anew from an instant on; `false` when somebody else has it by now.
pub async fn repeat(tx: &mut Tx, job: &JobRecord, run_at: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE jobs
         SET problem = NULL, attempts = 0, done = 0, run_at = $3, leased_until = 0
         WHERE id = $1
           AND lease = $2
           AND state = 'open'")
        .bind(job.id)
        .bind(job.lease)
        .bind(run_at)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Lets a failed job begin anew from an instant on; `false` when it has not failed, or another one with its key is
/// open.
pub async fn reopen(tx: &mut Tx, id: JobId, run_at: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE jobs
         SET state = 'open', problem = NULL, attempts = 0, run_at = $2, leased_until = 0, ended_at = NULL
         WHERE id = $1
           AND state = 'failed'
           AND NOT EXISTS (SELECT 1
                           FROM jobs AS other
                           WHERE other.kind = jobs.kind
                             AND other.unique_key = jobs.unique_key
                             AND other.state = 'open')")
        .bind(id)
        .bind(run_at)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// The kinds of which a job with this key is open.
pub async fn open_kinds(tx: &mut Tx, key: &str) -> sqlx::Result<Vec<String>> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT kind FROM jobs WHERE state = 'open' AND unique_key = $1")
        .bind(key)
        .fetch_all(conn).await)
}

/// Deletes up to `limit` jobs that were done or failed by then, those apart that codes name; how many they were.
pub async fn prune(tx: &mut Tx, done_by: Time, failed_by: Time, limit: i64) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query(
        "DELETE FROM jobs
         WHERE id IN (SELECT id
                      FROM jobs
                      WHERE (state = 'done' AND ended_at <= $1 OR state = 'failed' AND ended_at <= $2)
                        AND NOT EXISTS (SELECT 1 FROM codes WHERE codes.job_id = jobs.id)
                      LIMIT $3)")
        .bind(done_by)
        .bind(failed_by)
        .bind(limit)
        .execute(conn).await.map(|done| i64::try_from(done.rows_affected()).unwrap_or(i64::MAX)))
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

#[cfg(test)]
mod tests;
