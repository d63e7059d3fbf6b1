//! Keys of the REST API, for admins.

use crate::{
    domain::{accounts::api_key::ApiKeySecret, ids::ApiKeyId, path::LocalPath},
    error::Refusal,
    view_models::api_keys::ApiKeySummary,
};
use leptos::prelude::*;

/// Loads all keys, those that work first.
#[server(endpoint = "load_api_keys")]
pub async fn load_api_keys() -> Result<Vec<ApiKeySummary>, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::api_keys};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(api_keys::run(&context.state).await?)
}

/// Makes a key. What it returns is shown once and kept nowhere.
#[server(endpoint = "create_api_key")]
pub async fn create_api_key(
    #[server(default)] name: String,
    #[server(default)] scopes: String,
) -> Result<ApiKeySecret, Refusal> {
    use crate::server::{actions::api_keys::create_api_key, context::request_context::RequestContext};
    let context = RequestContext::current();
    let (state, actor) = (&context.state, context.admin_actor()?);
    let (sent, now) = (context.sent_form(), state.clock.now());
    Ok(create_api_key::run(&state.db, &state.rng, &actor, &name, &scopes, sent, now).await?)
}

/// Revokes a key for good.
#[server(endpoint = "revoke_api_key")]
pub async fn revoke_api_key(id: ApiKeyId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::api_keys::revoke_api_key, context::request_context::RequestContext};
    let context = RequestContext::current();
    revoke_api_key::run(&context.state, &context.admin_actor()?, id).await?;
    Ok(LocalPath::of("/admin/api-keys?done=revoked"))
}

/// Makes a key belong to whoever calls.
#[server(endpoint = "take_over_api_key")]
pub async fn take_over_api_key(id: ApiKeyId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::api_keys::take_over_api_key, context::request_context::RequestContext};
    let context = RequestContext::current();
    take_over_api_key::run(&context.state, &context.admin_actor()?, id).await?;
    Ok(LocalPath::of("/admin/api-keys?done=taken-over"))
}
