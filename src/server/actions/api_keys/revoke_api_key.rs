//! Revoking a key of the API: nobody gets in with it from the next request on.

use crate::{
    domain::ids::ApiKeyId,
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

/// A key that is revoked already stays so.
pub async fn run(state: &AppState, actor: &Actor, id: ApiKeyId) -> Result<(), AppError> {
    let now = state.clock.now();
    let mut tx = authorize::begin_alone(&state.db, actor).await?;
    let key = api_keys::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if api_keys::revoke(&mut tx, id, now).await? {
        let target = Target { kind: "api_key", id: Some(id.0), name: &key.name };
        let (was, is) = (json!({ "works": true }), json!({ "works": false }));
        audit::write(&mut tx, actor, "api_key.revoke", target, was, is, now).await?;
    }
    tx.commit().await?;
    Ok(())
}
