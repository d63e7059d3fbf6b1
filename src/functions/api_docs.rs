//! The description of the REST API, for whoever writes a client.

use crate::{error::Refusal, view_models::api_docs::ApiDocs};
use leptos::prelude::*;

/// Loads the description. It holds nothing that is not public.
#[server(endpoint = "load_api_docs")]
pub async fn load_api_docs() -> Result<ApiDocs, Refusal> {
    use crate::server::context::request_context::RequestContext;
    Ok(RequestContext::current().state.api_docs.clone())
}
