//! The audit log, as admins read it.

use crate::domain::{ids::UserId, time::Time};
use serde::{Deserialize, Serialize};

/// What changed of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditChange {
    pub field: String,
    /// Empty for something new.
    pub before: String,
    pub after: String,
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    pub id: i64,
    pub at: Time,
    /// Who did it: a username, or how it was done.
    pub actor: String,
    /// Whoever did it, while they have an account.
    pub actor_user: Option<UserId>,
    /// As `code.create`.
    pub action: String,
    /// As `code`, `user`, `settings`.
    pub target_kind: String,
    pub target: String,
    /// The address of the page about it, if there is one.
    pub target_page: Option<String>,
    pub changes: Vec<AuditChange>,
}

/// A page of the audit log, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The action that is shown alone; empty for all.
    pub action: String,
    /// All actions there are.
    pub actions: Vec<String>,
    pub rows: Vec<AuditRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}
