//! The program: the settings that an admin changes while it runs.

use super::time::{DAY, Time};
use serde::{Deserialize, Serialize};

/// How personal codes are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeStyle {
    /// Eight random characters.
    #[default]
    Random,
    /// Prefix, username and a random tail.
    Named,
}

/// Which of several remembered clicks is credited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributionModel {
    #[default]
    LastClick,
    FirstClick,
}

/// All settings of a program, by the names that pages, API and database share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Program {
    /// Whether links count and codes work at all.
    pub referral_codes_enabled: bool,
    /// Whether nobody may register without a valid code.
    pub referral_codes_required: bool,
    pub personal_code_style: CodeStyle,
    /// Stands before named personal codes.
    pub personal_code_prefix: String,
    /// Where links lead: a full address of the host product, or nothing for this site's sign-up page.
    pub link_destination: Option<String>,
    /// How long a click can lead to a credited sign-up, in days (1–400).
    pub attribution_window_days: i64,
    pub attribution_model: AttributionModel,
    /// How long rewards for sign-ups wait before they are active, in days.
    pub signup_hold_days: i64,
    /// How long rewards for conversions wait before they are active, in days.
    pub conversion_hold_days: i64,
    /// The goal of new users, in sign-ups.
    pub default_goal: i64,
    /// ISO 4217 code of the currency that credits are shown in.
    pub currency: String,
    pub program_name: String,
    /// One or two sentences on the home page.
    pub welcome_text: String,
    /// Where the policy stands that sign-up asks to accept; nothing asks for nothing.
    pub policy_url: Option<String>,
    /// The colour of buttons and links, as `#rrggbb`.
    pub accent_color: Option<String>,
    pub logo_url: Option<String>,
}

impl Default for Program {
    fn default() -> Self {
        Self {
            referral_codes_enabled: false,
            referral_codes_required: false,
            personal_code_style: CodeStyle::Random,
            personal_code_prefix: String::new(),
            link_destination: None,
            attribution_window_days: 30,
            attribution_model: AttributionModel::LastClick,
            signup_hold_days: 7,
            conversion_hold_days: 30,
            default_goal: 10,
            currency: "USD".into(),
            program_name: "Passalong".into(),
            welcome_text: "Share your link with friends. When they join, you both gain.".into(),
            policy_url: None,
            accent_color: None,
            logo_url: None,
        }
    }
}

impl Program {
    /// The earliest instant whose clicks still count at `now`.
    pub fn window_start(&self, now: Time) -> Time {
        now.plus(-self.attribution_window_days * DAY)
    }
}
