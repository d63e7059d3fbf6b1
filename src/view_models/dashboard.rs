//! The dashboard of a referrer.

use super::{
    friends::Friend,
    rewards::RewardCards,
    statistics::{ChannelClicks, DayCounts},
    stats::UserStats,
};
use crate::domain::time::Time;
use serde::{Deserialize, Serialize};

/// What the dashboard shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    pub username: String,
    /// The address that should be confirmed, if it is not yet.
    pub unconfirmed: Option<String>,
    /// The full address to share; empty while there is no personal code yet.
    pub link: String,
    /// Whether an admin has switched this code off.
    pub code_active: bool,
    /// Whether the program runs; links do not count while it does not.
    pub program_enabled: bool,
    pub stats: UserStats,
    /// The last 30 days, oldest first.
    pub days: Vec<DayCounts>,
    /// The 30 days before; empty days are left out.
    pub days_before: Vec<DayCounts>,
    /// The clicks of the last 30 days by channel, the busiest first.
    pub channels: Vec<ChannelClicks>,
    pub rewards: RewardCards,
    /// The latest few, the last one first.
    pub friends: Vec<Friend>,
    /// When all this was so.
    pub now: Time,
}
