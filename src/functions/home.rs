//! The home page.

use crate::{error::Refusal, view_models::home::Home};
use leptos::prelude::*;

/// Loads the home page.
#[server(endpoint = "load_home")]
pub async fn load_home() -> Result<Home, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::home};
    use crate::text::texts;
    Ok(home::run(&RequestContext::current().state, &texts()).await?)
}
