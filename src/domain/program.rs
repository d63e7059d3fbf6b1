//! The program: the settings that an admin changes while it runs.

use super::{
    field::FieldError,
    theme::Color,
    time::{DAY, Time},
};
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
    /// The colour of buttons and links, as `#rrggbb`; nothing for the standard one.
    pub accent_color: Option<String>,
    /// A picture that stands before the name of the program on every page.
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

    /// Where the browser gets the logo from, as `https://host:port`: pages may load pictures from there.
    pub fn logo_origin(&self) -> Option<String> {
        let url = self.logo_url.as_deref().filter(|url| is_web_address(url))?;
        let (scheme, rest) = url.split_once("://")?;
        let host = rest.split(['/', '?', '#']).next()?;
        Some(format!("{scheme}://{host}"))
    }
}

/// The settings page's form as it was sent; empty text means none, or is refused where there must be something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    pub referral_codes_enabled: bool,
    pub referral_codes_required: bool,
    pub personal_code_style: String,
    pub personal_code_prefix: String,
    pub link_destination: String,
    pub attribution_window_days: String,
    pub attribution_model: String,
    pub signup_hold_days: String,
    pub conversion_hold_days: String,
    pub default_goal: String,
    pub currency: String,
    pub program_name: String,
    pub welcome_text: String,
    pub policy_url: String,
    pub accent_color: String,
    pub logo_url: String,
}

impl Form {
    /// Reads the form over the current settings, or says all that is wrong with it.
    pub fn parse(&self, current: &Program) -> Result<Program, Vec<FieldError>> {
        let mut errors = vec![];
        let mut wrong = |field: &str, message: &str| {
            errors.push(FieldError { field: field.into(), message: message.into() });
        };
        let mut number = |field: &str, text: &str, least: i64, most: i64| {
            text.trim().parse().ok().filter(|n| (least..=most).contains(n)).unwrap_or_else(|| {
                wrong(field, &format!("Please enter a whole number from {least} to {most}."));
                least
            })
        };
        let attribution_window_days = number("attribution_window_days", &self.attribution_window_days, 1, 400);
        let signup_hold_days = number("signup_hold_days", &self.signup_hold_days, 0, 365);
        let conversion_hold_days = number("conversion_hold_days", &self.conversion_hold_days, 0, 365);
        let default_goal = number("default_goal", &self.default_goal, 1, 1_000_000);
        let personal_code_style = match self.personal_code_style.as_str() {
            "random" => CodeStyle::Random,
            "named" => CodeStyle::Named,
            _ => {
                wrong("personal_code_style", "Please choose one of the styles.");
                current.personal_code_style
            }
        };
        let attribution_model = match self.attribution_model.as_str() {
            "last_click" => AttributionModel::LastClick,
            "first_click" => AttributionModel::FirstClick,
            _ => {
                wrong("attribution_model", "Please choose one of the models.");
                current.attribution_model
            }
        };
        let prefix = self.personal_code_prefix.trim().to_ascii_uppercase();
        if prefix.len() > 12 || !prefix.bytes().all(|b| b.is_ascii_alphanumeric()) {
            wrong("personal_code_prefix", "A prefix has 12 letters and digits at most.");
        }
        let currency = self.currency.trim().to_ascii_uppercase();
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            wrong("currency", "Please enter the three letters of a currency, like USD or EUR.");
        }
        let program_name = self.program_name.trim();
        if !(1..=60).contains(&program_name.chars().count()) {
            wrong("program_name", "Please enter a name of 1 to 60 characters.");
        }
        let welcome_text = self.welcome_text.trim();
        if welcome_text.chars().count() > 500 {
            wrong("welcome_text", "The text has 500 characters at most.");
        }
        let mut address = |field: &str, text: &str| match text.trim() {
            "" => None,
            text if is_web_address(text) => Some(text.to_owned()),
            _ => {
                wrong(field, "Please enter a full address like https://example.com/join.");
                None
            }
        };
        let link_destination = address("link_destination", &self.link_destination);
        let policy_url = address("policy_url", &self.policy_url);
        let logo_url = address("logo_url", &self.logo_url);
        let accent_color = match self.accent_color.trim() {
            "" => None,
            text => {
                let color = Color::parse(text);
                if color.is_none() {
                    wrong("accent_color", "Please enter a colour like #3550c4.");
                }
                color.map(|color| color.to_string())
            }
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Program {
            referral_codes_enabled: self.referral_codes_enabled,
            referral_codes_required: self.referral_codes_required,
            personal_code_style,
            personal_code_prefix: prefix,
            link_destination,
            attribution_window_days,
            attribution_model,
            signup_hold_days,
            conversion_hold_days,
            default_goal,
            currency,
            program_name: program_name.to_owned(),
            welcome_text: welcome_text.to_owned(),
            policy_url,
            accent_color,
            logo_url,
        })
    }
}

/// An http or https address with a host, without spaces, control characters or user names.
fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty()
        && text.len() <= 500
        && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>'))
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        Form {
            personal_code_style: "random".into(),
            attribution_window_days: "30".into(),
            attribution_model: "last_click".into(),
            signup_hold_days: "7".into(),
            conversion_hold_days: "30".into(),
            default_goal: "10".into(),
            currency: "usd".into(),
            program_name: "Acme".into(),
            ..Form::default()
        }
    }

    #[test]
    fn what_is_empty_is_none_and_the_rest_is_tidied() {
        let current = Program { accent_color: Some("#123456".into()), ..Program::default() };
        let changed = form().parse(&current).expect("a program");
        assert_eq!((changed.accent_color, changed.currency.as_str()), (None, "USD"));
        let form = Form { accent_color: " #AABBCC".into(), logo_url: "https://a.example/l.svg ".into(), ..form() };
        let changed = form.parse(&current).expect("a program");
        assert_eq!(changed.accent_color.as_deref(), Some("#aabbcc"));
        assert_eq!(changed.logo_url.as_deref(), Some("https://a.example/l.svg"));
    }

    #[test]
    fn a_logo_comes_from_one_place() {
        let origin = |url: &str| Program { logo_url: Some(url.into()), ..Program::default() }.logo_origin();
        assert_eq!(origin("https://cdn.example:8443/a/b.svg?c#d").as_deref(), Some("https://cdn.example:8443"));
        assert_eq!(origin("https://cdn.example").as_deref(), Some("https://cdn.example"));
        assert_eq!(origin("https://cdn.example; script-src *"), None);
        assert_eq!(Program::default().logo_origin(), None);
    }

    #[test]
    fn each_rule_names_its_field() {
        let wrong = |form: Form| form.parse(&Program::default()).expect_err("an error").remove(0).field;
        assert_eq!(wrong(Form { attribution_window_days: "401".into(), ..form() }), "attribution_window_days");
        assert_eq!(wrong(Form { default_goal: "0".into(), ..form() }), "default_goal");
        assert_eq!(wrong(Form { currency: "dollars".into(), ..form() }), "currency");
        assert_eq!(wrong(Form { personal_code_prefix: "A-B".into(), ..form() }), "personal_code_prefix");
        assert_eq!(wrong(Form { accent_color: "blue".into(), ..form() }), "accent_color");
        assert_eq!(wrong(Form { logo_url: "data:image/png;base64,AA".into(), ..form() }), "logo_url");
        assert_eq!(wrong(Form { attribution_model: "none".into(), ..form() }), "attribution_model");
        for address in [
            "javascript:alert(1)",
            "//evil.example",
            "https://",
            "https://a b",
            "https://u@evil.example",
            "ftp://x.example",
        ] {
            assert_eq!(wrong(Form { policy_url: address.into(), ..form() }), "policy_url", "{address}");
        }
    }
}
