//! Campaign codes that are created in bulk.

use crate::domain::{ids::JobId, time::Time};
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
