//! The referrer's dashboard.

use crate::{error::Refusal, view_models::dashboard::Dashboard};
use leptos::prelude::*;

/// Loads the dashboard of whoever is signed in.
#[server(endpoint = "load_dashboard")]
pub async fn load_dashboard() -> Result<Dashboard, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::accounts::dashboard};
    use crate::text::texts;
    let context = RequestContext::current();
    Ok(dashboard::run(&context.state, context.require_user()?, &texts()).await?)
}
