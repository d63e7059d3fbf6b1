//! The audit log, for admins.

use crate::{error::Refusal, view_models::audit::AuditPage};
use leptos::prelude::*;

/// Loads a page of the audit log that begins at `after`, the `next` of the page before.
#[server(endpoint = "load_audit")]
pub async fn load_audit(
    #[server(default)] action: String,
    #[server(default)] after: String,
) -> Result<AuditPage, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::audit};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(audit::run(&context.state, action, &after).await?)
}
