//! The numbers that a referrer watches.

use serde::{Deserialize, Serialize};

/// A referrer's counters, as shown on the dashboard and sent by live updates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct UserStats {
    pub clicks: i64,
    pub unique_clicks: i64,
    pub signups: i64,
    pub conversions: i64,
    /// How many sign-ups the referrer aims at; at least 1.
    pub goal: i64,
}

impl UserStats {
    /// Progress toward the goal in whole percent, 0–100.
    pub fn percent(&self) -> i64 {
        (self.signups.saturating_mul(100) / self.goal.max(1)).clamp(0, 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_ends_at_the_goal() {
        let at = |signups, goal| UserStats { signups, goal, ..UserStats::default() }.percent();
        assert_eq!((at(0, 10), at(3, 10), at(10, 10), at(25, 10), at(1, 0)), (0, 30, 100, 100, 100));
    }
}
