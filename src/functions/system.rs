//! How the running program is, for admins.

use crate::{
    domain::{ids::JobId, path::LocalPath},
    error::Refusal,
    view_models::system::SystemPage,
};
use leptos::prelude::*;

/// Loads what runs and which jobs are open or failed. `after` is where the page of failed ones begins.
#[server(endpoint = "load_system")]
pub async fn load_system(#[server(default)] after: String) -> Result<SystemPage, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::system},
        text::texts,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(system::run(&context.state, &after, &texts()).await?)
}

/// Lets a failed job begin anew.
#[server(endpoint = "retry_job")]
pub async fn retry_job(id: JobId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::jobs::retry_job, context::request_context::RequestContext};
    let context = RequestContext::current();
    retry_job::run(&context.state, &context.admin_actor()?, id).await?;
    Ok(LocalPath::of("/admin/system?done=tried-again"))
}
