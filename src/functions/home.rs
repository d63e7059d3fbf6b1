//! The home page.

use crate::{error::AppError, view_models::home::Home};
use leptos::prelude::*;

/// Loads the home page.
#[server(endpoint = "load_home")]
pub async fn load_home() -> Result<Home, AppError> {
    use crate::server::{context::request_context::RequestContext, queries::home};
    home::run(&RequestContext::current().state).await
}
