//! The settings of the program, for admins.

use crate::{
    domain::{path::LocalPath, program::Program},
    error::AppError,
};
use leptos::prelude::*;

/// Loads all settings.
#[server(endpoint = "load_settings")]
pub async fn load_settings() -> Result<Program, AppError> {
    use crate::server::door::Door;
    let door = Door::open();
    door.admin()?;
    Ok((*door.server.program.get()).clone())
}

/// Changes all settings at once, as the form has them; empty text means none or the default.
#[server(endpoint = "change_settings")]
pub async fn change_settings(
    #[server(default)] referral_codes_enabled: bool,
    #[server(default)] referral_codes_required: bool,
    #[server(default)] personal_code_style: String,
    #[server(default)] personal_code_prefix: String,
    #[server(default)] link_destination: String,
    #[server(default)] attribution_window_days: String,
    #[server(default)] attribution_model: String,
    #[server(default)] signup_hold_days: String,
    #[server(default)] conversion_hold_days: String,
    #[server(default)] default_goal: String,
    #[server(default)] currency: String,
    #[server(default)] program_name: String,
    #[server(default)] welcome_text: String,
    #[server(default)] policy_url: String,
    #[server(default)] accent_color: String,
    #[server(default)] logo_url: String,
) -> Result<LocalPath, AppError> {
    use crate::{
        domain::program::Form,
        server::{actions::change_settings, door::Door},
    };
    let door = Door::open();
    let form = Form {
        referral_codes_enabled,
        referral_codes_required,
        personal_code_style,
        personal_code_prefix,
        link_destination,
        attribution_window_days,
        attribution_model,
        signup_hold_days,
        conversion_hold_days,
        default_goal,
        currency,
        program_name,
        welcome_text,
        policy_url,
        accent_color,
        logo_url,
    };
    change_settings::run(&door.server, &door.actor()?, form).await?;
    Ok(LocalPath::of("/admin/settings?done=saved"))
}
