//! What the home page says.

use crate::{
    error::AppError,
    server::{state::AppState, store::users},
    view_models::home::Home,
};

pub async fn run(state: &AppState) -> Result<Home, AppError> {
    let settings = state.settings.get();
    let needs_set_up = !users::any_admin(&mut state.db.read().await?).await?;
    Ok(Home {
        welcome_text: settings.welcome_text.clone(),
        program_enabled: settings.referral_codes_enabled,
        needs_set_up,
    })
}
