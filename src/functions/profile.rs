//! One's own account: sessions, password, leaving.

use crate::{
    domain::{ids::SessionId, path::LocalPath},
    error::Refusal,
    view_models::accounts::Profile,
};
use leptos::prelude::*;

/// Loads the profile of whoever is signed in.
#[server(endpoint = "load_profile")]
pub async fn load_profile() -> Result<Profile, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::accounts::profile},
        text::texts,
    };
    let context = RequestContext::current();
    Ok(profile::run(&context.state, context.require_user()?, &texts()).await?)
}

/// Sets a new password; every other session ends.
#[server(endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] current: String,
    #[server(default)] password: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::accounts::change_password, context::request_context::RequestContext};
    use crate::text::texts;
    let context = RequestContext::current();
    let (user, caller, cookie) = (context.require_user()?, context.caller(), context.attribution());
    let locale = texts().language.tag();
    let session = change_password::run(&context.state, caller, cookie, user, current, password, locale).await?;
    context.set_session_cookie(&session.token, session.new_attribution.as_ref());
    Ok(LocalPath::of("/profile?done=password"))
}

/// Ends one of one's own sessions.
#[server(endpoint = "end_session")]
pub async fn end_session(id: SessionId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::accounts::end_session, context::request_context::RequestContext};
    let context = RequestContext::current();
    end_session::run(&context.state, context.require_user()?, id).await?;
    Ok(LocalPath::of("/profile?done=session"))
}

/// Deletes one's own account for good, after the password was given once more.
#[server(endpoint = "delete_account")]
pub async fn delete_account(#[server(default)] password: String) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::accounts::delete_account, context::request_context::RequestContext};
    let context = RequestContext::current();
    delete_account::run(&context.state, context.require_user()?, password).await?;
    context.clear_session_cookie();
    Ok(LocalPath::of("/?done=deleted"))
}
