//! Campaign codes that are created in bulk.

use crate::{
    domain::{
        ids::{CodeId, JobId},
        time::Time,
    },
    view_models::stats::CountText,
};
use serde::{Deserialize, Serialize};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It waits for its turn or is at work.
    Open,
    Done,
    /// Nothing of it is left.
    Failed,
}

/// Codes that are being made, or were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkJob {
    pub id: JobId,
    pub state: JobState,
    /// Codes made so far, of `total`.
    pub done: i64,
    pub total: i64,
    /// Why it failed; else empty.
    pub problem: String,
    pub prefix: String,
    pub description: String,
    /// Who asked for them.
    pub by: String,
    pub created_at: Time,
}

/// The codes of a batch as they are now, those that are deleted apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct BatchCodes {
    pub codes: i64,
    /// Those that are switched on.
    pub active: i64,
    /// Those that somebody signed up with.
    pub used: i64,
    /// The last end of any of them; nothing when none has one.
    pub expires_at: Option<Time>,
}

/// The page of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchPageData {
    pub job: BulkJob,
    pub codes: BatchCodes,
    pub mails: CodeMails,
}

/// The codes of a batch that are sent by mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeMails {
    /// Codes that can still be sent: they work, nobody signed up with them and nobody was sent them.
    pub left: i64,
    /// Whether there is a mail server.
    pub server: bool,
    /// Who was sent codes, the latest codes first.
    pub recipients: Vec<CodeRecipient>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// Somebody who was sent a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct CodeRecipient {
    pub code_id: CodeId,
    pub code: String,
    /// Nothing for somebody who was erased.
    pub email: Option<String>,
    pub mailed_at: Time,
}

/// What is said about a job while it is followed, made on the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkWords {
    pub open: String,
    /// How many codes there are.
    pub done: CountText,
    pub failed: String,
    /// What the bar measures.
    pub bar: String,
    /// How far it is, with `{done}` and `{total}` where the numbers stand.
    pub so_far: String,
    pub refresh: String,
    pub download: String,
}
