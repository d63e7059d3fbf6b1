//! What the home page says.

use crate::{
    error::AppError,
    server::{queries::rewards::welcome, state::AppState, store::users},
    text::Texts,
    view_models::home::Home,
};

pub(crate) async fn run(state: &AppState, texts: &Texts) -> Result<Home, AppError> {
    let settings = state.settings.get();
    let needs_set_up = !users::any_admin(&mut state.db.read().await?).await?;
    Ok(Home {
        welcome_text: texts.welcome(&settings.welcome_text),
        program_enabled: settings.referral_codes_enabled,
        welcome: welcome::run(state, texts).await?,
        needs_set_up,
    })
}
