//! The settings of the program, for admins.

use crate::{
    domain::{path::LocalPath, settings::ProgramSettings},
    error::Refusal,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Loads all settings.
#[server(endpoint = "load_settings")]
pub async fn load_settings() -> Result<ProgramSettings, Refusal> {
    use crate::server::context::request_context::RequestContext;
    let context = RequestContext::current();
    context.require_admin()?;
    Ok((*context.state.settings.get()).clone())
}

/// Changes all settings at once, as the form has them by the names of [`ProgramSettings`]; empty text means none.
#[server(endpoint = "update_settings")]
pub async fn update_settings(#[server(flatten)] fields: BTreeMap<String, String>) -> Result<LocalPath, Refusal> {
    use crate::{
        error::AppError,
        server::{actions::settings::update_settings, context::request_context::RequestContext},
    };
    let context = RequestContext::current();
    let actor = context.admin_actor()?;
    let change = |before| ProgramSettings::from_form(&fields, before).map_err(AppError::Invalid);
    update_settings::run(&context.state, &actor, change).await?;
    Ok(LocalPath::of("/admin/settings?done=saved"))
}
