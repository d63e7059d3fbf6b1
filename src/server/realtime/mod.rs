//! What changed, told to this instance and to the others of the installation.

pub mod change_set;
pub mod click_notices;
pub mod cluster;
pub mod code_updates_hub;
pub mod live_streams;
pub mod new_events;
pub mod publisher;
pub mod rewards_hub;
pub mod settings_cache;
pub mod user_stats_hub;
