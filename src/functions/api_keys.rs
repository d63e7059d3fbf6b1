//! Keys of the REST API, for admins.

use crate::{
    domain::{ids::ApiKeyId, path::LocalPath},
    error::Refusal,
    view_models::api_keys::ApiKeysPage,
};
use leptos::prelude::*;

/// Loads all keys, those that work first. `new` is the id of one that was just created, whose secret comes along this
/// once.
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
            actions::api_keys::create_api_key::{self, KeyFields, Wanted},
            context::{new_key_cookie, request_context::RequestContext},
        },
    };
    let context = RequestContext::current();
    let (state, actor) = (&context.state, context.admin_actor()?);
    let (sent, now) = (context.sent_form(), state.clock.now());
    let fields = KeyFields::parse(&name, Wanted::Scopes(&scopes))?;
    let (id, secret) = create_api_key::run(&state.db, &state.rng, &actor, &fields, sent, now).await?;
    new_key_cookie::give(state.https, &secret);
    Ok(LocalPath::parse(&format!("/admin/api-keys?new={id}")).ok_or(AppError::Internal)?)
}

/// Creates a publishable key. `origins` are parted by spaces or commas.
#[server(endpoint = "create_publishable_key")]
pub async fn create_publishable_key(
    #[server(default)] name: String,
    #[server(default)] origins: String,
) -> Result<LocalPath, Refusal> {
    use crate::{
        error::AppError,
        server::{
            actions::api_keys::create_api_key::{self, KeyFields, Wanted},
            context::request_context::RequestContext,
        },
    };
    let context = RequestContext::current();
    let (state, actor) = (&context.state, context.admin_actor()?);
    let (sent, now) = (context.sent_form(), state.clock.now());
    let fields = KeyFields::parse(&name, Wanted::Origins(&origins))?;
    let (id, _) = create_api_key::run(&state.db, &state.rng, &actor, &fields, sent, now).await?;
    Ok(LocalPath::parse(&format!("/admin/api-keys?new={id}")).ok_or(AppError::Internal)?)
}

/// Changes which pages may use a publishable key.
#[server(endpoint = "set_key_origins")]
pub async fn set_key_origins(id: ApiKeyId, #[server(default)] origins: String) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::api_keys::set_key_origins, context::request_context::RequestContext};
    let context = RequestContext::current();
    set_key_origins::run(&context.state, &context.admin_actor()?, id, &origins).await?;
    Ok(LocalPath::of("/admin/api-keys?done=origins-saved"))
}

/// Revokes a key for good.
#[server(endpoint = "revoke_api_key")]
pub async fn revoke_api_key(id: ApiKeyId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::api_keys::revoke_api_key, context::request_context::RequestContext};
    let context = RequestContext::current();
    let state = &context.state;
    revoke_api_key::run(&state.db, &context.admin_actor()?, id, state.clock.now()).await?;
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
