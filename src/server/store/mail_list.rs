//! Mails as pages show them.

use crate::{
    domain::{ids::MailId, message::Message, time::Time},
    server::store::db::{Tx, with_conn},
};

/// A mail that failed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FailedMail {
    pub id: MailId,
    pub kind: String,
    pub recipient: String,
    pub attempts: i64,
    pub ended_at: Time,
    problem: Option<String>,
}

impl FailedMail {
    /// Why it failed.
    pub fn problem(&self) -> Message {
        self.problem.as_deref().map_or(Message::MailUnknown, parsed)
    }
}

/// What cannot be read was written by another version.
fn parsed(problem: &str) -> Message {
    serde_json::from_str(problem).unwrap_or(Message::MailUnknown)
}

/// How many mails wait, up to `most`.
pub async fn count_waiting(tx: &mut Tx, most: i64) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM (SELECT 1 FROM mails WHERE state = 'waiting' LIMIT $1) w")
        .bind(most)
        .fetch_one(conn).await)
}

/// When a mail was last sent.
pub async fn last_sent(tx: &mut Tx) -> sqlx::Result<Option<Time>> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT MAX(ended_at) FROM mails WHERE state = 'sent' AND ended_at IS NOT NULL")
        .fetch_one(conn).await)
}

/// Why one of those that wait did not get through yet.
pub async fn waiting_problem(tx: &mut Tx) -> sqlx::Result<Option<Message>> {
    let problem: Option<String> = with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT problem
         FROM mails
         WHERE state = 'waiting'
           AND problem IS NOT NULL
         ORDER BY next_at, id
         LIMIT 1")
        .fetch_optional(conn).await)?;
    Ok(problem.as_deref().map(parsed))
}

/// How many mails failed, up to `most`.
pub async fn count_failed(tx: &mut Tx, most: i64) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM (SELECT 1 FROM mails WHERE state = 'failed' AND ended_at IS NOT NULL LIMIT $1) f")
        .bind(most)
        .fetch_one(conn).await)
}

/// Up to `limit` mails that failed, the latest first.
pub async fn failed(tx: &mut Tx, limit: i64) -> sqlx::Result<Vec<FailedMail>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT id, kind, recipient, attempts, ended_at, problem
         FROM mails
         WHERE state = 'failed'
           AND ended_at IS NOT NULL
         ORDER BY ended_at DESC, id DESC
         LIMIT $1")
        .bind(limit)
        .fetch_all(conn).await)
}

/// The kind of a mail that failed.
pub async fn kind_of_failed(tx: &mut Tx, id: MailId) -> sqlx::Result<Option<String>> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT kind FROM mails WHERE id = $1 AND state = 'failed'")
        .bind(id)
        .fetch_optional(conn).await)
}
