//! Keys of the API in lists. The secret is known to its owner alone.

use crate::domain::{accounts::api_key::Scope, ids::ApiKeyId, time::Time};
use serde::{Deserialize, Serialize};

/// A key in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct ApiKeySummary {
    pub id: ApiKeyId,
    pub name: String,
    pub scope: Scope,
    pub last_four: String,
    /// Who created it, as they were called.
    pub created_by: String,
    pub created_at: Time,
    pub last_used_at: Option<Time>,
    pub revoked_at: Option<Time>,
}
