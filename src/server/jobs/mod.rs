//! What goes on in the background: housekeeping by the clock, and jobs that somebody asked for.
//!
//! A job is a row written in the transaction that asks for it. Instances share the work: whoever takes a job holds a
//! lease on it, and when the holder dies the lease ends and another instance takes the job over. So a job may begin
//! twice; it writes each step together with its progress, and only while it holds the lease.

pub mod create_bulk_codes;
pub mod housekeeping;
pub mod runner;

use crate::domain::{message::Message, time::SECOND};

/// How long a job is held after each of its steps.
pub const LEASE: i64 = 10 * SECOND;

/// Why a job ended before it was done.
#[derive(Debug)]
pub enum JobError {
    /// Another instance has it by now.
    Lost,
    /// It cannot be done; why, for whoever asked for it.
    Failed(Message),
    /// The database failed: it is tried again when the lease has ended.
    Database(sqlx::Error),
}

impl From<sqlx::Error> for JobError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}
