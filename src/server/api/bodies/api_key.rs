//! Keys of the API.

use crate::{domain::accounts::api_key::Scope, server::api::bodies::Instant, view_models::api_keys::ApiKeySummary};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who may have a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// Programs that keep it to themselves.
    #[default]
    Secret,
    /// Web pages of the origins that it lists. It opens `POST /codes/validate` and `POST /clicks`.
    Publishable,
}

/// A key.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct ApiKeyBody {
    pub id: i64,
    pub name: String,
    pub kind: KeyKind,
    /// What a secret key may do, each with what it contains; empty for a publishable one.
    pub scopes: Vec<Scope>,
    /// Whose pages may use a publishable key; empty for a secret one.
    #[schema(examples("https://shop.example"))]
    pub origins: Vec<String>,
    /// The whole key. Of a secret one it is null, except in the answer that creates it.
    #[schema(examples("pub_Zk1vT3xq9bYlQm0sWc7RaeJd5uHgPnK2iOfX8tEzL4M"))]
    pub key: Option<String>,
    /// The last four characters of the key.
    #[schema(examples("zL4M"))]
    pub ends_with: String,
    /// The username of the admin whom it belongs to. Null for a key that belongs to nobody, and when the account is
    /// gone.
    #[schema(examples("ana"))]
    pub owner: Option<String>,
    /// Whether it opens anything: neither revoked nor without its admin.
    pub works: bool,
    pub created_at: Instant,
    /// Written down once a minute. Null for never.
    pub last_used_at: Option<Instant>,
    /// Null as long as it is not.
    pub revoked_at: Option<Instant>,
}

impl From<ApiKeySummary> for ApiKeyBody {
    fn from(key: ApiKeySummary) -> Self {
        let contained = |scope: &Scope| key.scope.is_some_and(|most| *scope <= most);
        Self {
            id: key.id.0,
            kind: if key.public_key.is_some() { KeyKind::Publishable } else { KeyKind::Secret },
            scopes: Scope::ALL.into_iter().filter(contained).collect(),
            origins: key.origins.iter().map(str::to_owned).collect(),
            name: key.name,
            key: key.public_key,
            ends_with: key.last_four,
            owner: key.admin,
            works: key.works,
            created_at: Instant(key.created_at),
            last_used_at: key.last_used_at.map(Instant),
            revoked_at: key.revoked_at.map(Instant),
        }
    }
}

/// A key to create.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// Tells it apart in lists and in the audit log.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    #[serde(default)]
    pub kind: KeyKind,
    /// What a secret key may do.
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// Whose pages may use a publishable key: up to 20, each as `https://shop.example`, or `http://localhost:*` for
    /// every port of one's own machine.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub origins: Vec<String>,
}
