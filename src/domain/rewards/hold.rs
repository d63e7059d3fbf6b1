//! How long rewards wait before they can be used.

use crate::domain::{
    rewards::rule::{MilestoneOf, RuleTerms, Trigger},
    settings::ProgramSettings,
};
use serde::{Deserialize, Serialize};

/// The program's days on hold, for rules that say nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holds {
    pub signup: i64,
    pub conversion: i64,
}

impl Holds {
    /// Those of a program.
    pub fn of(settings: &ProgramSettings) -> Self {
        Self { signup: settings.signup_hold_days, conversion: settings.conversion_hold_days }
    }
}

impl RuleTerms {
    /// Days that rewards of this rule are on hold; 0 for not at all.
    pub fn days_on_hold(&self, holds: Holds) -> i64 {
        self.hold_days.unwrap_or(match self.trigger {
            Trigger::Signup => holds.signup,
            Trigger::FirstConversion | Trigger::EveryConversion => holds.conversion,
            Trigger::Milestone => match self.conditions.milestone.map(|milestone| milestone.of) {
                Some(MilestoneOf::SignedUp) => holds.signup,
                Some(MilestoneOf::Converted) | None => holds.conversion,
            },
        })
    }
}
