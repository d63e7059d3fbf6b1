//! The settings of the program, which an admin changes while it runs.

use crate::domain::{
    field::FieldError,
    message::Message,
    plain_text::{one_line, several_lines},
    theme::Color,
    web_address::{authority, is_web_address},
};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Characters of the prefix of personal codes at most.
const MAX_PERSONAL_PREFIX: usize = 12;

/// Characters of the program's name at most.
const MAX_NAME: usize = 60;

/// Characters of the welcome text at most.
const MAX_WELCOME_TEXT: usize = 500;

/// Characters of the name of a parameter at most.
const MAX_PARAMETER_NAME: usize = 40;

/// The parameter of a link that carries the code, unless the program's settings say otherwise.
pub const REF_PARAMETER: &str = "ref";

/// The parameter that carries the id of the click, unless the program's settings say otherwise.
pub const CLICK_ID_PARAMETER: &str = "click_id";

fn is_parameter_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    (1..=MAX_PARAMETER_NAME).contains(&name.len()) && name.bytes().all(plain)
}

/// How personal codes are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = CodeStyle))]
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
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = AttributionModel))]
#[serde(rename_all = "snake_case")]
pub enum AttributionModel {
    #[default]
    LastClick,
    FirstClick,
}

/// What revenue is counted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConversionAmount {
    /// What was paid without tax, where the provider says the tax.
    #[default]
    Net,
    Gross,
}

/// Whether the overview of admins lists what a new program needs. The list goes away by itself when all is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = SetupChecklist))]
#[serde(rename_all = "snake_case")]
pub enum SetupChecklist {
    #[default]
    Shown,
    Hidden,
}

/// What a program says of itself until its owner writes something else.
pub const WELCOME_TEXT: &str = "Share your link with friends. When they join, you both gain.";

/// All settings of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = Settings))]
pub struct ProgramSettings {
    /// Whether links count and codes work at all.
    pub referral_codes_enabled: bool,
    /// Whether nobody may register without a valid code.
    pub referral_codes_required: bool,
    pub personal_code_style: CodeStyle,
    /// Stands before named personal codes.
    pub personal_code_prefix: String,
    /// Where links lead: an address of the host product, or null for this site's sign-up page.
    pub link_destination: Option<String>,
    /// The parameter by which the host product is given the code.
    pub ref_parameter: String,
    /// The parameter by which the host product is given the id of the click.
    pub click_id_parameter: String,
    /// How long a click can lead to a credited sign-up, in days.
    pub attribution_window_days: i64,
    pub attribution_model: AttributionModel,
    /// How many visitors of one network (/24, /48) count for a code in an hour; 0 for any number.
    pub clicks_per_network_hour: i64,
    /// Characters of a random campaign code.
    pub random_code_length: i64,
    /// How long rewards for sign-ups wait before they are active, in days.
    pub signup_hold_days: i64,
    /// How long rewards for conversions wait before they are active, in days.
    pub conversion_hold_days: i64,
    /// Whether a friend in the same network as the referrer, or as somebody up the chain, is reviewed.
    pub review_same_network: bool,
    /// Whether a friend whose e-mail address lives for a few minutes only is reviewed.
    pub review_disposable_email: bool,
    /// Whether a friend who followed a link from a paid advertisement is reviewed.
    pub review_paid_ads: bool,
    /// How many sign-ups by one code in an hour are not reviewed; 0 for any number.
    pub review_signups_per_code_hour: i64,
    /// How many sign-ups from one browser in a day are not reviewed; 0 for any number.
    pub review_signups_per_browser_day: i64,
    /// What the revenue of payments is counted by, from their first message on.
    pub conversion_amount: ConversionAmount,
    /// Whether payments of Stripe's test mode count.
    pub stripe_test_events: bool,
    /// The goal of new users, in sign-ups.
    pub default_goal: i64,
    /// Three letters (ISO 4217).
    pub currency: String,
    /// Where days, weeks and months begin: an IANA name, e.g. `Europe/Berlin`.
    pub time_zone: String,
    pub program_name: String,
    /// One or two sentences on the home page.
    pub welcome_text: String,
    /// Where the policy stands that sign-up asks to accept; null asks for nothing.
    pub policy_url: Option<String>,
    /// The colour of buttons and links, as `#rrggbb`; null for the standard one.
    pub accent_color: Option<String>,
    /// A picture that stands before the name of the program on every page, or null.
    pub logo_url: Option<String>,
    pub setup_checklist: SetupChecklist,
}

impl Default for ProgramSettings {
    fn default() -> Self {
        Self {
            referral_codes_enabled: false,
            referral_codes_required: false,
            personal_code_style: CodeStyle::Random,
            personal_code_prefix: String::new(),
            link_destination: None,
            ref_parameter: REF_PARAMETER.into(),
            click_id_parameter: CLICK_ID_PARAMETER.into(),
            attribution_window_days: 30,
            attribution_model: AttributionModel::LastClick,
            clicks_per_network_hour: 300,
            random_code_length: 5,
            signup_hold_days: 7,
            conversion_hold_days: 30,
            review_same_network: true,
            review_disposable_email: true,
            review_paid_ads: true,
            review_signups_per_code_hour: 5,
            review_signups_per_browser_day: 3,
            conversion_amount: ConversionAmount::Net,
            stripe_test_events: false,
            default_goal: 10,
            currency: "USD".into(),
            time_zone: "UTC".into(),
            program_name: "Passalong".into(),
            welcome_text: WELCOME_TEXT.into(),
            policy_url: None,
            accent_color: None,
            logo_url: None,
            setup_checklist: SetupChecklist::Shown,
        }
    }
}

impl ProgramSettings {
    /// The time zone of the program: of all times on pages and in forms.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// Where the browser gets the logo from, as `https://host:port`: pages may load pictures from there.
    pub fn logo_origin(&self) -> Option<String> {
        let url = self.logo_url.as_deref().filter(|url| is_web_address(url))?;
        let (scheme, _) = url.split_once("://")?;
        let host = authority(url)?;
        Some(format!("{scheme}://{host}"))
    }
}

impl ProgramSettings {
    /// Reads the settings page's form as it was sent, by the names of the settings, or says all that is wrong with it.
    /// Empty text is none, or is refused where there must be something; a missing checkbox is off, and other fields
    /// that were not sent stay as they were.
    pub fn from_form(fields: &BTreeMap<String, String>, before: Self) -> Result<Self, Vec<FieldError>> {
        let (mut known, mut errors, mut before) = (Map::new(), vec![], before.into_object());
        for (name, default) in Self::default().into_object() {
            let sent = fields.get(&name).map(|text| text.trim());
            let value = match (default, sent) {
                (Value::Bool(_), sent) => sent.is_some_and(|text| !text.is_empty()).into(),
                (_, None) => before.remove(&name).unwrap_or_default(),
                // What is no number is in no range.
                (Value::Number(_), Some(text)) => text.parse().unwrap_or(i64::MIN).into(),
                (Value::Null, Some("")) => Value::Null,
                (_, Some(text)) => text.into(),
            };
            match Self::from_object(Map::from_iter([(name.clone(), value.clone())])) {
                Some(_) => drop(known.insert(name, value)),
                None => errors.push(FieldError { field: name, message: Message::ChoiceUnknown }),
            }
        }
        let settings = Self::from_object(known).unwrap_or_default();
        match (settings.validated(), errors.is_empty()) {
            (settings, true) => settings,
            (settings, false) => Err(errors.into_iter().chain(settings.err().into_iter().flatten()).collect()),
        }
    }

    /// The settings by their names.
    pub fn into_object(self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(object)) => object,
            _ => Map::new(),
        }
    }

    /// Settings of these names and values, and the defaults of all others; nothing when a value does not fit.
    pub fn from_object(known: Map<String, Value>) -> Option<Self> {
        let mut object = Self::default().into_object();
        object.extend(known);
        serde_json::from_value(Value::Object(object)).ok()
    }

    /// Tidies the settings, or says all that is wrong with them.
    pub fn validated(self) -> Result<Self, Vec<FieldError>> {
        let mut errors = vec![];
        let mut wrong = |field: &str, message: Message| errors.push(FieldError { field: field.into(), message });
        for (field, number, min, max) in [
            ("attribution_window_days", self.attribution_window_days, 1, 400),
            ("clicks_per_network_hour", self.clicks_per_network_hour, 0, 1_000_000),
            ("random_code_length", self.random_code_length, 5, 12),
            ("signup_hold_days", self.signup_hold_days, 0, 365),
            ("conversion_hold_days", self.conversion_hold_days, 0, 365),
            ("review_signups_per_code_hour", self.review_signups_per_code_hour, 0, 1_000_000),
            ("review_signups_per_browser_day", self.review_signups_per_browser_day, 0, 1_000_000),
            ("default_goal", self.default_goal, 1, 1_000_000),
        ] {
            if !(min..=max).contains(&number) {
                wrong(field, Message::WholeNumber { min, max });
            }
        }
        let personal_code_prefix = self.personal_code_prefix.trim().to_ascii_uppercase();
        if personal_code_prefix.len() > MAX_PERSONAL_PREFIX
            || !personal_code_prefix.bytes().all(|b| b.is_ascii_alphanumeric())
        {
            wrong("personal_code_prefix", Message::PersonalPrefix { max: MAX_PERSONAL_PREFIX });
        }
        let (ref_parameter, click_id_parameter) = (self.ref_parameter.trim(), self.click_id_parameter.trim());
        for (field, name) in [("ref_parameter", ref_parameter), ("click_id_parameter", click_id_parameter)] {
            if !is_parameter_name(name) {
                wrong(field, Message::ParameterName { max: MAX_PARAMETER_NAME });
            }
        }
        if ref_parameter == click_id_parameter {
            wrong("click_id_parameter", Message::ParameterNamesAlike);
        }
        let (ref_parameter, click_id_parameter) = (ref_parameter.to_owned(), click_id_parameter.to_owned());
        let currency = self.currency.trim().to_ascii_uppercase();
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            wrong("currency", Message::CurrencyMalformed);
        }
        let program_name = program_name(&self.program_name);
        let welcome_text = match several_lines(&self.welcome_text) {
            Ok(text) if text.chars().count() > MAX_WELCOME_TEXT => Err(Message::TextLength { max: MAX_WELCOME_TEXT }),
            read => read,
        };
        let mut text = |field: &str, read: Result<String, Message>| {
            read.unwrap_or_else(|message| {
                wrong(field, message);
                String::new()
            })
        };
        let (program_name, welcome_text) = (text("program_name", program_name), text("welcome_text", welcome_text));
        let mut address = |field: &str, text: &Option<String>| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
            if !is_web_address(text) {
                wrong(field, Message::AddressMalformed);
            }
            Some(text.to_owned())
        };
        let link_destination = address("link_destination", &self.link_destination);
        let policy_url = address("policy_url", &self.policy_url);
        let logo_url = address("logo_url", &self.logo_url);
        let accent_color =
            self.accent_color.as_deref().map(str::trim).filter(|text| !text.is_empty()).and_then(|text| {
                let color = Color::parse(text);
                if color.is_none() {
                    wrong("accent_color", Message::ColorMalformed);
                }
                color.map(|color| color.to_string())
            });
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            ref_parameter,
            click_id_parameter,
            personal_code_prefix,
            currency,
            program_name,
            welcome_text,
            link_destination,
            policy_url,
            logo_url,
            accent_color,
            ..self
        })
    }
}

/// Reads the name of a program: one line that is not empty.
pub fn program_name(text: &str) -> Result<String, Message> {
    match one_line(text)? {
        name if (1..=MAX_NAME).contains(&name.chars().count()) => Ok(name.to_owned()),
        _ => Err(Message::NameLength { min: 1, max: MAX_NAME }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(changes: &[(&str, &str)]) -> Result<ProgramSettings, Vec<FieldError>> {
        let fields = [
            ("personal_code_style", "random"),
            ("attribution_window_days", "30"),
            ("attribution_model", "last_click"),
            ("clicks_per_network_hour", "300"),
            ("random_code_length", "5"),
            ("signup_hold_days", "7"),
            ("conversion_hold_days", "30"),
            ("default_goal", "10"),
            ("currency", "usd"),
            ("program_name", "Acme"),
        ];
        let fields = fields.iter().chain(changes).map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        ProgramSettings::from_form(&fields.collect(), ProgramSettings::default())
    }

    #[test]
    fn what_is_empty_is_none_and_the_rest_is_tidied() {
        let settings = form(&[("welcome_text", " ")]).expect("settings");
        assert_eq!((settings.accent_color, settings.currency.as_str()), (None, "USD"));
        assert!(!settings.referral_codes_enabled && settings.welcome_text.is_empty());
        let changes = [
            ("accent_color", " #AABBCC"),
            ("logo_url", "https://a.example/l.svg "),
            ("referral_codes_enabled", "true"),
            ("attribution_model", "first_click"),
            ("attribution_window_days", " 60 "),
            ("welcome_text", " Hello\r\n\tyou "),
        ];
        let settings = form(&changes).expect("settings");
        assert_eq!(settings.accent_color.as_deref(), Some("#aabbcc"));
        assert_eq!(settings.logo_url.as_deref(), Some("https://a.example/l.svg"));
        assert!(settings.referral_codes_enabled && !settings.referral_codes_required);
        assert_eq!(settings.welcome_text, "Hello\n\tyou");
        assert_eq!((settings.attribution_model, settings.attribution_window_days), (AttributionModel::FirstClick, 60));
    }

    #[test]
    fn what_a_form_does_not_send_stays() {
        let before = ProgramSettings {
            default_goal: 3,
            ref_parameter: "via".into(),
            policy_url: Some("https://a.example/".into()),
            referral_codes_enabled: true,
            ..ProgramSettings::default()
        };
        let sent = BTreeMap::from([("attribution_window_days".to_owned(), "60".to_owned())]);
        let after = ProgramSettings {
            attribution_window_days: 60,
            referral_codes_enabled: false,
            review_same_network: false,
            review_disposable_email: false,
            review_paid_ads: false,
            ..before.clone()
        };
        assert_eq!(ProgramSettings::from_form(&sent, before), Ok(after));
    }

    #[test]
    fn a_logo_comes_from_one_place() {
        let origin =
            |url: &str| ProgramSettings { logo_url: Some(url.into()), ..ProgramSettings::default() }.logo_origin();
        assert_eq!(origin("https://cdn.example:8443/a/b.svg?c#d").as_deref(), Some("https://cdn.example:8443"));
        assert_eq!(origin("https://cdn.example").as_deref(), Some("https://cdn.example"));
        assert_eq!(origin("https://cdn.example; script-src *"), None);
        assert_eq!(ProgramSettings::default().logo_origin(), None);
    }

    #[test]
    fn each_rule_names_its_field() {
        let wrong = |field: &str, text: &str| {
            let errors = form(&[(field, text)]).expect_err("an error");
            errors.into_iter().map(|error| (error.field, error.message)).collect::<Vec<_>>()
        };
        for (field, text, message) in [
            ("attribution_window_days", "401", Message::WholeNumber { min: 1, max: 400 }),
            ("attribution_window_days", "many", Message::WholeNumber { min: 1, max: 400 }),
            ("default_goal", "0", Message::WholeNumber { min: 1, max: 1_000_000 }),
            ("clicks_per_network_hour", "-1", Message::WholeNumber { min: 0, max: 1_000_000 }),
            ("clicks_per_network_hour", "", Message::WholeNumber { min: 0, max: 1_000_000 }),
            ("random_code_length", "4", Message::WholeNumber { min: 5, max: 12 }),
            ("random_code_length", "13", Message::WholeNumber { min: 5, max: 12 }),
            ("ref_parameter", "via=", Message::ParameterName { max: 40 }),
            ("click_id_parameter", "", Message::ParameterName { max: 40 }),
            ("click_id_parameter", "ref", Message::ParameterNamesAlike),
            ("currency", "dollars", Message::CurrencyMalformed),
            ("personal_code_prefix", "A-B", Message::PersonalPrefix { max: 12 }),
            ("accent_color", "blue", Message::ColorMalformed),
            ("logo_url", "data:image/png;base64,AA", Message::AddressMalformed),
            ("attribution_model", "none", Message::ChoiceUnknown),
            ("program_name", " ", Message::NameLength { min: 1, max: 60 }),
            ("program_name", "Ac\nme", Message::InvisibleCharacters),
            ("program_name", "Ac\u{2060}me", Message::InvisibleCharacters),
            ("welcome_text", "Hi\0", Message::InvisibleCharacters),
        ] {
            assert_eq!(wrong(field, text), [(field.to_owned(), message)], "{text}");
        }
        for address in [
            "javascript:alert(1)",
            "//evil.example",
            "https://",
            "https://a b",
            "https://u@evil.example",
            "ftp://x.example",
        ] {
            assert_eq!(wrong("policy_url", address), [("policy_url".into(), Message::AddressMalformed)], "{address}");
        }
    }
}
