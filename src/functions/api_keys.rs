//! Keys of the REST API, for admins.

use crate::{
    domain::{ids::ApiKeyId, path::LocalPath},
    error::Refusal,
    view_models::api_keys::ApiKeysPage,
};
use leptos::prelude::*;

/// Loads all keys, those that work first. `new` is the id of one that was just created, whose secret comes along this once.
#[server(endpoint = "load_api_keys")]
pub async fn load_api_keys(#[server(default)] new: String) -> Result<ApiKeysPage, Refusal> {
    use crate::server::{
        context::{new_key_cookie, request_context::RequestContext},
        queries::api_keys,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    let held = new_key_cookie::take(context.state.https);
    Ok(api_keys::run(&context.state, &new, held).await?)
}

/// Creates a key. Its secret waits in the browser for the page that it leads to, and is kept nowhere else.
#[server(endpoint = "create_api_key")]
pub async fn create_api_key(
    #[server(default)] name: String,
    #[server(default)] scopes: String,
) -> Result<LocalPath, Refusal> {
    use crate::{
        error::AppError,
        server::{
            actions::api_keys::create_api_key,
            context::{new_key_cookie, request_context::RequestContext},
        },
    };
    let context = RequestContext::current();
    let (state, actor) = (&context.state, context.admin_actor()?);
    let (sent, now) = (context.sent_form(), state.clock.now());
    let (id, secret) = create_api_key::run(&state.db, &state.rng, &actor, &name, &scopes, sent, now).await?;
    new_key_cookie::give(state.https, &secret);
    Ok(LocalPath::parse(&format!("/admin/api-keys?new={id}")).ok_or(AppError::Internal)?)
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
