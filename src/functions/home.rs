//! The home page.

use crate::error::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the home page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    pub welcome_text: String,
    pub program_enabled: bool,
    /// Whether nobody is admin yet: the page then leads to set-up.
    pub needs_set_up: bool,
}

/// Loads the home page.
#[server(endpoint = "load_home")]
pub async fn load_home() -> Result<Home, AppError> {
    use crate::server::{actions::show_home, door::Door};
    show_home::run(&Door::open()).await
}
