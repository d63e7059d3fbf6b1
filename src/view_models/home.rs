//! The home page.

use super::rewards::Welcome;
use serde::{Deserialize, Serialize};

/// What the home page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    pub welcome_text: String,
    pub program_enabled: bool,
    /// What both sides get when somebody joins.
    pub welcome: Welcome,
    /// Whether nobody is admin yet: the page then leads to set-up.
    pub needs_set_up: bool,
}
