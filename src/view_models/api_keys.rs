//! Keys of the API in lists. A secret one is known to its owner alone, who sees it once.

use crate::domain::{
    accounts::{
        api_key::{ApiKeySecret, Scope},
        origins::Origins,
    },
    cursor::Cursor,
    ids::{ApiKeyId, UserId},
    time::Time,
};
use serde::{Deserialize, Serialize};

/// A key in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct ApiKeySummary {
    pub id: ApiKeyId,
    pub name: String,
    /// Nothing for a publishable key.
    pub scope: Option<Scope>,
    /// The whole key, if it is a publishable one.
    pub public_key: Option<String>,
    /// Whose pages may use a publishable key.
    pub origins: Origins,
    pub last_four: String,
    /// The admin whom it belongs to; nobody for keys of the command line.
    pub admin_id: Option<UserId>,
    /// What that admin is called, while they have an account.
    pub admin: Option<String>,
    /// Whether it opens anything: neither revoked nor without its admin.
    pub works: bool,
    pub created_at: Time,
    pub last_used_at: Option<Time>,
    pub revoked_at: Option<Time>,
}

impl ApiKeySummary {
    /// Where the page after this row begins.
    pub fn cursor(&self) -> Cursor {
        Cursor::of_id(self.id.0)
    }
}

/// A key that was just created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedApiKey {
    pub id: ApiKeyId,
    /// Nothing once it was shown, and for a publishable key, which the list shows.
    pub secret: Option<ApiKeySecret>,
}

/// What the page of the keys shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeysPage {
    pub keys: Vec<ApiKeySummary>,
    pub created: Option<CreatedApiKey>,
    /// The site's own address.
    pub base_url: String,
}
