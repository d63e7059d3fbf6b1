//! Changing which web pages may use a publishable key.

use crate::{
    domain::{accounts::origins::Origins, ids::ApiKeyId},
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
        },
        auth::caller::Actor,
        state::AppState,
        store::api_keys,
    },
};
use serde_json::json;

/// Takes effect with the next request. A key that is revoked, or secret, is not found.
pub async fn run(state: &AppState, actor: &Actor, id: ApiKeyId, origins: &str) -> Result<(), AppError> {
    let origins = Origins::parse(origins).map_err(|message| AppError::invalid("origins", message))?;
    let mut tx = authorize::begin(&state.db, actor).await?;
    let key = api_keys::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if !api_keys::set_origins(&mut tx, id, &origins).await? {
        return Err(AppError::NotFound);
    }
    let target = Target { kind: "api_key", id: Some(id.0), name: &key.name };
    let (was, is) = (json!({ "origins": key.origins }), json!({ "origins": origins }));
    audit::write(&mut tx, actor, "api_key.change_origins", target, was, is, state.clock.now()).await?;
    Ok(tx.commit().await?)
}
