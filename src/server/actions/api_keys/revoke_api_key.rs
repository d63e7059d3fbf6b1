//! Revoking a key of the API: nobody gets in with it from the next request on.

use crate::{
    domain::{ids::ApiKeyId, time::Time},
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
        },
        auth::caller::Actor,
        store::{api_keys, db::Db},
    },
};
use serde_json::json;

/// The name of the key. One that is revoked already stays so.
pub async fn run(db: &Db, actor: &Actor, id: ApiKeyId, now: Time) -> Result<String, AppError> {
    let mut tx = authorize::begin_alone(db, actor).await?;
    let key = api_keys::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if api_keys::revoke(&mut tx, id, now).await? {
        let target = Target { kind: "api_key", id: Some(id.0), name: &key.name };
        let (was, is) = (json!({ "works": true }), json!({ "works": false }));
        audit::write(&mut tx, actor, "api_key.revoke", target, was, is, now).await?;
    }
    tx.commit().await?;
    Ok(key.name)
}
