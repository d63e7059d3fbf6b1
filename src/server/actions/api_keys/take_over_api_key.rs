//! Taking over a key of the API from another admin, who may be gone already.

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

/// From now on the key works as long as whoever takes it over is an admin. One that is revoked, or belongs to nobody,
/// stays as it is.
pub async fn run(state: &AppState, actor: &Actor, id: ApiKeyId) -> Result<(), AppError> {
    let admin = actor.id.ok_or(AppError::Forbidden)?;
    let mut tx = authorize::begin(&state.db, actor).await?;
    let key = api_keys::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if api_keys::hand_over(&mut tx, id, admin).await? {
        let target = Target { kind: "api_key", id: Some(id.0), name: &key.name };
        // Ids, because names would have to be forgotten here one day.
        let (was, is) = (json!({ "admin_id": key.admin_id }), json!({ "admin_id": admin }));
        audit::write(&mut tx, actor, "api_key.take_over", target, was, is, state.clock.now()).await?;
    }
    Ok(tx.commit().await?)
}
