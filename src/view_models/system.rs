//! How the running program is, as admins see it.

use crate::domain::{
    ids::{JobId, MailId},
    time::Time,
};
use serde::{Deserialize, Serialize};

/// A job in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    pub id: JobId,
    /// What it does, in words.
    pub what: String,
    /// The address of the page about it, if it has one.
    pub page: Option<String>,
    /// Who asked for it; empty for the program itself.
    pub by: String,
    /// When it failed; while it is open, when it is taken next.
    pub at: Time,
    /// Whether it is being done.
    pub running: bool,
    pub attempts: i64,
    /// Why the last attempt did not get through, in words; else empty.
    pub problem: String,
}

/// A mail that failed, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRow {
    pub id: MailId,
    /// What it is about, in words.
    pub what: String,
    pub to: String,
    pub at: Time,
    pub attempts: i64,
    /// Why it failed, in words.
    pub problem: String,
}

/// How sending mail goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailStatus {
    /// Host and port of the mail server, if there is one.
    pub server: Option<String>,
    /// Up to [`Self::MOST`].
    pub waiting: i64,
    pub last_sent: Option<Time>,
    /// Why one of those that wait did not get through yet, in words; else empty.
    pub problem: String,
    /// Up to [`Self::MOST`]; the latest of them are listed.
    pub failed_count: i64,
    pub failed: Vec<MailRow>,
}

impl MailStatus {
    /// No more mails are counted.
    pub const MOST: i64 = 10_000;
}

/// What the system page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemPage {
    pub version: String,
    /// The name of the database program.
    pub database: String,
    /// The number of its schema.
    pub schema: i64,
    pub started_at: Time,
    /// Servers that run on the database, this one included.
    pub instances: i64,
    pub mail: MailStatus,
    /// All jobs that are open; the first of them are listed.
    pub open_count: i64,
    /// In the order in which they are taken.
    pub open: Vec<JobRow>,
    /// The latest first.
    pub failed: Vec<JobRow>,
    /// Where the next page of failed ones begins, if there is one.
    pub next: Option<String>,
}
