//! The statistics of the program, for admins.

use crate::{error::Refusal, view_models::statistics::Statistics};
use leptos::prelude::*;

/// Loads the statistics of the last `days` days (7, 30 or 90; else 30).
#[server(endpoint = "load_statistics")]
pub async fn load_statistics(#[server(default)] days: i64) -> Result<Statistics, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::statistics};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(statistics::run(&context.state, days).await?)
}
