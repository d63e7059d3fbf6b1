//! The keys of the API, as admins see them.

use crate::{
    domain::accounts::api_key::ApiKeySecret,
    error::AppError,
    server::{auth::sessions::hash_token, state::AppState, store::api_keys},
    view_models::api_keys::{ApiKeysPage, CreatedApiKey},
};

/// `new` is the id of a key that was just created, and `held` what the browser holds as its secret: shown only if it
/// opens something.
pub async fn run(state: &AppState, new: &str, held: Option<ApiKeySecret>) -> Result<ApiKeysPage, AppError> {
    let mut tx = state.db.read().await?;
    let keys = api_keys::all(&mut tx).await?;
    let shown = match &held {
        Some(secret) => api_keys::live(&mut tx, &hash_token(&secret.0)).await?,
        None => None,
    };
    let created = match shown {
        Some(key) => Some(CreatedApiKey { id: key.id, secret: held }),
        None => keys.iter().find(|key| key.id.to_string() == new).map(|key| CreatedApiKey { id: key.id, secret: None }),
    };
    Ok(ApiKeysPage { keys, created, base_url: state.base_url.clone() })
}
