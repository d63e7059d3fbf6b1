//! The people whom somebody brought.

use crate::{error::Refusal, view_models::friends::FriendsPage};
use leptos::prelude::*;

/// Loads the people whom whoever is signed in brought, from `after` on, the `next` of the page before.
#[server(endpoint = "load_friends")]
pub async fn load_friends(#[server(default)] after: String) -> Result<FriendsPage, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::friends},
        text::texts,
    };
    let context = RequestContext::current();
    let viewer = context.require_user()?;
    Ok(friends::run(&context.state, viewer.user, &after, &texts()).await?)
}
