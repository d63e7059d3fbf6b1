//! The program's settings and numbers.

use super::{super::input::given, Instant, Money};
use crate::domain::program::{AttributionModel, CodeStyle, Form, Program};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How personal codes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// Eight random characters.
    Random,
    /// Prefix, username and a random tail.
    Named,
}

/// Which of several remembered clicks is credited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    LastClick,
    FirstClick,
}

/// All settings of the program.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Settings {
    /// Whether links count and codes work at all.
    pub referral_codes_enabled: bool,
    /// Whether nobody may register without a valid code.
    pub referral_codes_required: bool,
    pub personal_code_style: Style,
    /// Stands before named personal codes.
    pub personal_code_prefix: String,
    /// Where links lead: an address of the host product, or null for this site's sign-up page.
    pub link_destination: Option<String>,
    /// How long a click can lead to a credited sign-up, in days.
    pub attribution_window_days: i64,
    pub attribution_model: Model,
    /// How long rewards for sign-ups wait before they are active, in days.
    pub signup_hold_days: i64,
    /// How long rewards for conversions wait before they are active, in days.
    pub conversion_hold_days: i64,
    /// The goal of new users, in sign-ups.
    pub default_goal: i64,
    /// Three letters (ISO 4217).
    pub currency: String,
    pub program_name: String,
    /// One or two sentences on the home page.
    pub welcome_text: String,
    /// Where the policy stands that sign-up asks to accept; null asks for nothing.
    pub policy_url: Option<String>,
    /// The colour of buttons and links, as `#rrggbb`; null for the standard one.
    pub accent_color: Option<String>,
    /// A picture that stands before the name of the program on every page, or null.
    pub logo_url: Option<String>,
}

impl From<&Program> for Settings {
    fn from(program: &Program) -> Self {
        Self {
            referral_codes_enabled: program.referral_codes_enabled,
            referral_codes_required: program.referral_codes_required,
            personal_code_style: match program.personal_code_style {
                CodeStyle::Random => Style::Random,
                CodeStyle::Named => Style::Named,
            },
            personal_code_prefix: program.personal_code_prefix.clone(),
            link_destination: program.link_destination.clone(),
            attribution_window_days: program.attribution_window_days,
            attribution_model: match program.attribution_model {
                AttributionModel::LastClick => Model::LastClick,
                AttributionModel::FirstClick => Model::FirstClick,
            },
            signup_hold_days: program.signup_hold_days,
            conversion_hold_days: program.conversion_hold_days,
            default_goal: program.default_goal,
            currency: program.currency.clone(),
            program_name: program.program_name.clone(),
            welcome_text: program.welcome_text.clone(),
            policy_url: program.policy_url.clone(),
            accent_color: program.accent_color.clone(),
            logo_url: program.logo_url.clone(),
        }
    }
}

/// Changes to the settings; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsChanges {
    pub referral_codes_enabled: Option<bool>,
    pub referral_codes_required: Option<bool>,
    pub personal_code_style: Option<Style>,
    #[schema(pattern = r"^\s*[A-Za-z0-9]{0,12}\s*$")]
    pub personal_code_prefix: Option<String>,
    /// An http or https address; null for this site's sign-up page.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub link_destination: Option<Option<String>>,
    #[schema(minimum = 1, maximum = 400)]
    pub attribution_window_days: Option<i64>,
    pub attribution_model: Option<Model>,
    #[schema(minimum = 0, maximum = 365)]
    pub signup_hold_days: Option<i64>,
    #[schema(minimum = 0, maximum = 365)]
    pub conversion_hold_days: Option<i64>,
    #[schema(minimum = 1, maximum = 1000000)]
    pub default_goal: Option<i64>,
    #[schema(pattern = r"^\s*[A-Za-z]{3}\s*$")]
    pub currency: Option<String>,
    #[schema(min_length = 1, max_length = 60)]
    pub program_name: Option<String>,
    #[schema(max_length = 500)]
    pub welcome_text: Option<String>,
    /// An http or https address; null for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub policy_url: Option<Option<String>>,
    /// As `#rrggbb`; null for the standard one.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, pattern = r"^\s*(#[0-9A-Fa-f]{6})?\s*$")]
    pub accent_color: Option<Option<String>>,
    /// An http or https address; null for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub logo_url: Option<Option<String>>,
}

impl SettingsChanges {
    /// The settings as a form over those that stand, for the rules that the settings page has.
    pub fn over(self, program: &Program) -> Form {
        let old = Settings::from(program);
        let style = match self.personal_code_style.unwrap_or(old.personal_code_style) {
            Style::Random => "random",
            Style::Named => "named",
        };
        let model = match self.attribution_model.unwrap_or(old.attribution_model) {
            Model::LastClick => "last_click",
            Model::FirstClick => "first_click",
        };
        let number = |new: Option<i64>, old: i64| new.unwrap_or(old).to_string();
        Form {
            referral_codes_enabled: self.referral_codes_enabled.unwrap_or(old.referral_codes_enabled),
            referral_codes_required: self.referral_codes_required.unwrap_or(old.referral_codes_required),
            personal_code_style: style.into(),
            personal_code_prefix: self.personal_code_prefix.unwrap_or(old.personal_code_prefix),
            link_destination: self.link_destination.unwrap_or(old.link_destination).unwrap_or_default(),
            attribution_window_days: number(self.attribution_window_days, old.attribution_window_days),
            attribution_model: model.into(),
            signup_hold_days: number(self.signup_hold_days, old.signup_hold_days),
            conversion_hold_days: number(self.conversion_hold_days, old.conversion_hold_days),
            default_goal: number(self.default_goal, old.default_goal),
            currency: self.currency.unwrap_or(old.currency),
            program_name: self.program_name.unwrap_or(old.program_name),
            welcome_text: self.welcome_text.unwrap_or(old.welcome_text),
            policy_url: self.policy_url.unwrap_or(old.policy_url).unwrap_or_default(),
            accent_color: self.accent_color.unwrap_or(old.accent_color).unwrap_or_default(),
            logo_url: self.logo_url.unwrap_or(old.logo_url).unwrap_or_default(),
        }
    }
}

/// Which period is wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatsWanted {
    /// How many days back, today included; 30 unless said otherwise.
    #[param(minimum = 1, maximum = 400)]
    pub days: Option<i64>,
}

/// The whole system in numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Stats {
    /// Personal and campaign codes that are not deleted.
    pub total_codes: i64,
    /// Those that can be used now.
    pub active_codes: i64,
    /// Sign-ups with any of them.
    pub total_usage: i64,
    pub codes_with_usage: i64,
    pub total_users: i64,
    pub period: PeriodStats,
}

/// What happened in a period.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PeriodStats {
    pub days: i64,
    /// Midnight UTC of the first day.
    pub from: Instant,
    pub new_codes: i64,
    pub new_users: i64,
    /// Sign-ups with any code.
    pub usage: i64,
    pub codes_with_usage: i64,
    pub clicks: i64,
    /// Clicks by different people.
    pub unique_clicks: i64,
    pub conversions: i64,
    pub revenue: Money,
}
