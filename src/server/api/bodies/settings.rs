//! The program's settings and numbers.

use crate::{
    domain::{
        money::Money,
        settings::{AttributionModel, CodeStyle, ConversionAmount, ProgramSettings, SetupChecklist},
    },
    server::api::{
        bodies::Instant,
        extract::{not_null, nullable},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// Changes to the settings.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsChanges {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub referral_codes_enabled: Option<bool>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub referral_codes_required: Option<bool>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub personal_code_style: Option<CodeStyle>,
    #[schema(nullable = false, pattern = r"^\s*[A-Za-z0-9]{0,12}\s*$")]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub personal_code_prefix: Option<String>,
    /// An http or https address; null for this site's sign-up page.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub link_destination: Option<Option<String>>,
    #[schema(nullable = false, pattern = r"^\s*[A-Za-z0-9_.-]{1,40}\s*$")]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub ref_parameter: Option<String>,
    #[schema(nullable = false, pattern = r"^\s*[A-Za-z0-9_.-]{1,40}\s*$")]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub click_id_parameter: Option<String>,
    #[schema(nullable = false, minimum = 1, maximum = 400)]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub attribution_window_days: Option<i64>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attribution_model: Option<AttributionModel>,
    /// 0 for no cap.
    #[schema(nullable = false, minimum = 0, maximum = 1000000)]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub clicks_per_network_hour: Option<i64>,
    #[schema(nullable = false, minimum = 5, maximum = 12)]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub random_code_length: Option<i64>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub review_same_network: Option<bool>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub review_disposable_email: Option<bool>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub review_paid_ads: Option<bool>,
    /// 0 for any number.
    #[schema(nullable = false, minimum = 0, maximum = 1000000)]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub review_signups_per_code_hour: Option<i64>,
    /// 0 for any number.
    #[schema(nullable = false, minimum = 0, maximum = 1000000)]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub review_signups_per_browser_day: Option<i64>,
    #[schema(nullable = false, minimum = 0, maximum = 365)]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub signup_hold_days: Option<i64>,
    #[schema(nullable = false, minimum = 0, maximum = 365)]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub conversion_hold_days: Option<i64>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub conversion_amount: Option<ConversionAmount>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub stripe_test_events: Option<bool>,
    #[schema(nullable = false, minimum = 1, maximum = 1000000)]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub default_goal: Option<i64>,
    #[schema(nullable = false, pattern = r"^\s*[A-Za-z]{3}\s*$")]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// An IANA name, e.g. `Europe/Berlin`.
    #[schema(nullable = false, max_length = 100)]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    #[schema(nullable = false, min_length = 1, max_length = 60)]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub program_name: Option<String>,
    #[schema(nullable = false, max_length = 500)]
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub welcome_text: Option<String>,
    /// An http or https address; null for none.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub policy_url: Option<Option<String>>,
    /// As `#rrggbb`; null for the standard one.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = r"^\s*(#[0-9A-Fa-f]{6})?\s*$")]
    pub accent_color: Option<Option<String>>,
    /// An http or https address; null for none.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub logo_url: Option<Option<String>>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub setup_checklist: Option<SetupChecklist>,
}

impl SettingsChanges {
    /// The settings with these changes, not yet checked.
    pub fn apply(self, settings: ProgramSettings) -> ProgramSettings {
        let mut object = settings.clone().into_object();
        if let Ok(Value::Object(changes)) = serde_json::to_value(self) {
            object.extend(changes);
        }
        ProgramSettings::from_object(object).unwrap_or(settings)
    }
}

/// Which period is wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatsQuery {
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
    /// By currency.
    pub revenue: Vec<Money>,
}
