//! What the home page says.

use super::super::{door::Door, store::users};
use crate::{error::AppError, functions::home::Home};

pub async fn run(door: &Door) -> Result<Home, AppError> {
    let program = door.server.program.get();
    let needs_set_up = !users::any_admin(&mut door.server.db.read().await?).await?;
    Ok(Home {
        welcome_text: program.welcome_text.clone(),
        program_enabled: program.referral_codes_enabled,
        needs_set_up,
    })
}
