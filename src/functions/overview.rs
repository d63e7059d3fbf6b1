//! How the program goes, for admins.

use crate::{domain::path::LocalPath, error::Refusal, view_models::overview::Overview};
use leptos::prelude::*;

/// Loads the overview of a period: `7`, `30` or `90` days, or `all`; else 30 days.
#[server(endpoint = "load_overview")]
pub async fn load_overview(#[server(default)] period: String) -> Result<Overview, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::overview},
        view_models::overview::Period,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(overview::run(&context.state, Period::parse(&period)).await?)
}

/// Puts the list of what a new program needs away, for all admins.
#[server(endpoint = "hide_checklist")]
pub async fn hide_checklist() -> Result<LocalPath, Refusal> {
    use crate::{
        domain::settings::{ProgramSettings, SetupChecklist},
        server::{actions::settings::update_settings, context::request_context::RequestContext},
    };
    let context = RequestContext::current();
    let actor = context.admin_actor()?;
    let change = |before| Ok(ProgramSettings { setup_checklist: SetupChecklist::Hidden, ..before });
    update_settings::run(&context.state, &actor, change).await?;
    Ok(LocalPath::of("/admin"))
}
