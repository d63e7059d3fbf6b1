//! The referrer's dashboard.

use crate::{
    domain::{stats::Stats, time::Time},
    error::AppError,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What happened on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Midnight UTC.
    pub start: Time,
    pub clicks: i64,
    pub signups: i64,
}

/// What the dashboard shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    pub username: String,
    /// The full address to share; empty while there is no personal code yet.
    pub link: String,
    /// Whether an admin has switched this code off.
    pub code_active: bool,
    /// Whether the program runs; links do not count while it does not.
    pub program_enabled: bool,
    pub stats: Stats,
    /// The last 30 days, oldest first.
    pub days: Vec<Day>,
}

/// Loads the dashboard of whoever is signed in.
#[server(endpoint = "load_dashboard")]
pub async fn load_dashboard() -> Result<Dashboard, AppError> {
    use crate::server::{actions::show_dashboard, door::Door};
    let door = Door::open();
    show_dashboard::run(&door, door.user()?).await
}
