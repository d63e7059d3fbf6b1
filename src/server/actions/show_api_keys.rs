//! The keys of the API, as admins see them.

use super::super::{state::Server, store::api_keys};
use crate::{domain::api_key::Scope, error::AppError, functions::api_keys::ApiKeyRow};

pub async fn run(server: &Server) -> Result<Vec<ApiKeyRow>, AppError> {
    let keys = api_keys::all(&mut server.db.read().await?).await?;
    Ok(keys
        .into_iter()
        .map(|key| ApiKeyRow {
            id: key.id,
            name: key.name,
            scopes: Scope::parse(&key.scope).map(Scope::contained).unwrap_or_default(),
            last_four: key.last_four,
            created_by: key.created_by,
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        })
        .collect())
}
