//! Campaign codes: the fields of one, and their rules.

use crate::domain::{
    codes::code::Code,
    field::FieldError,
    local_time::parse_changed,
    message::Message,
    plain_text::one_line,
    time::{DAY, Time},
};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize};

/// Characters of a description at most.
const MAX_DESCRIPTION: usize = 255;

/// Characters of a category at most.
const MAX_CATEGORY: usize = 50;

/// Uses of a new code, unless the admin says otherwise.
pub const DEFAULT_MAX_USES: i64 = 100;

/// How long a new code works, unless the admin says otherwise.
pub const DEFAULT_LIFETIME: i64 = 7 * DAY;

/// The form as it was sent; what was not sent is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CampaignForm {
    /// Empty asks for a random one.
    pub code: String,
    pub description: String,
    pub category: String,
    /// Empty for no limit.
    pub max_uses: String,
    /// There is no limit, whatever was typed.
    #[serde(deserialize_with = "ticked")]
    pub no_limit: bool,
    /// `2026-12-31T18:00` in the program's time zone; empty never expires.
    pub expires_at: String,
    /// It never expires, whatever was typed.
    #[serde(deserialize_with = "ticked")]
    pub never_expires: bool,
    /// An e-mail or a username; empty for nobody.
    pub beneficiary: String,
    #[serde(deserialize_with = "ticked")]
    pub active: bool,
}

/// Whether a box was ticked. Among flattened fields of a form all values are texts.
fn ticked<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(String::deserialize(from)? == "true")
}

/// A code as somebody wants it, read but not checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignInput<'a> {
    /// Empty asks for a random one.
    pub code: &'a str,
    pub description: &'a str,
    /// Empty for none.
    pub category: &'a str,
    /// `None` for no limit.
    pub max_uses: Option<i64>,
    pub expires_at: Option<Time>,
    pub active: bool,
}

/// What can become a code, the beneficiary apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignFields {
    pub code: Option<Code>,
    pub description: String,
    pub category: Option<String>,
    /// `None` for no limit.
    pub max_uses: Option<i64>,
    pub expires_at: Option<Time>,
    pub active: bool,
}

impl CampaignFields {
    /// Reads the form, whose times are in `zone`, or says all that is wrong with it. `was` is the expiry of the code
    /// that is edited: an end in the past is no error when it was not touched.
    pub fn parse(form: &CampaignForm, now: Time, zone: &TimeZone, was: Option<Time>) -> Result<Self, Vec<FieldError>> {
        let mut malformed = None;
        let max_uses = match form.max_uses.trim() {
            _ if form.no_limit => None,
            "" => None,
            // What is no number is in no range.
            text => Some(text.parse().unwrap_or_default()),
        };
        let expires_at = match form.expires_at.trim() {
            _ if form.never_expires => None,
            "" => None,
            text => {
                let at = parse_changed(text, zone, was);
                malformed =
                    at.is_none().then(|| FieldError { field: "expires_at".into(), message: Message::MomentMalformed });
                at
            }
        };
        let input = CampaignInput {
            code: &form.code,
            description: &form.description,
            category: &form.category,
            max_uses,
            expires_at,
            active: form.active,
        };
        match (Self::of(&input, now, was), malformed) {
            (fields, None) => fields,
            (fields, Some(malformed)) => Err(fields.err().into_iter().flatten().chain([malformed]).collect()),
        }
    }

    /// Checks what is wanted, or says all that is wrong with it; `was` as in [`CampaignFields::parse`].
    pub fn of(input: &CampaignInput<'_>, now: Time, was: Option<Time>) -> Result<Self, Vec<FieldError>> {
        let mut errors = vec![];
        let mut wrong = |field: &str, message: Message| errors.push(FieldError { field: field.into(), message });
        let code = Code::parse(input.code);
        if code.is_none() && !input.code.trim().is_empty() {
            wrong("code", Message::CodeCharacters { min: 3, max: 50 });
        }
        let mut line = |field: &str, text| {
            one_line(text).unwrap_or_else(|message| {
                wrong(field, message);
                text
            })
        };
        let (description, category) = (line("description", input.description), line("category", input.category));
        if description.is_empty() || input.description.chars().count() > MAX_DESCRIPTION {
            wrong("description", Message::DescriptionLength { min: 1, max: MAX_DESCRIPTION });
        }
        if input.category.chars().count() > MAX_CATEGORY {
            wrong("category", Message::CategoryLength { max: MAX_CATEGORY });
        }
        if input.max_uses.is_some_and(|most| !(1..=1_000_000_000).contains(&most)) {
            wrong("max_uses", Message::AtLeast { min: 1 });
        }
        if input.expires_at.is_some_and(|at| at <= now && was != Some(at)) {
            wrong("expires_at", Message::InThePast);
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            code,
            description: description.to_owned(),
            category: (!category.is_empty()).then(|| category.to_owned()),
            max_uses: input.max_uses,
            expires_at: input.expires_at,
            active: input.active,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_777_766_400_000);

    fn form() -> CampaignForm {
        CampaignForm { description: "Spring".into(), max_uses: "100".into(), active: true, ..CampaignForm::default() }
    }

    fn errors(form: CampaignForm, was: Option<Time>) -> Vec<(String, Message)> {
        let errors = CampaignFields::parse(&form, NOW, &TimeZone::UTC, was).err().unwrap_or_default();
        errors.into_iter().map(|e| (e.field, e.message)).collect()
    }

    fn wrong(form: CampaignForm, was: Option<Time>) -> Vec<String> {
        errors(form, was).into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn each_rule_names_its_field() {
        assert!(wrong(form(), None).is_empty());
        assert_eq!(wrong(CampaignForm { code: "ab".into(), ..form() }, None), ["code"]);
        assert_eq!(wrong(CampaignForm { code: "a b c".into(), ..form() }, None), ["code"]);
        assert_eq!(wrong(CampaignForm { description: " ".into(), ..form() }, None), ["description"]);
        assert_eq!(wrong(CampaignForm { description: "x".repeat(256), ..form() }, None), ["description"]);
        for uses in ["0", "-1", "1.5", "many", "99999999999"] {
            assert_eq!(wrong(CampaignForm { max_uses: uses.into(), ..form() }, None), ["max_uses"], "{uses}");
        }
        for (end, message) in [
            ("tomorrow", Message::MomentMalformed),
            ("2026-02-30T10:00", Message::MomentMalformed),
            ("2020-01-01T00:00", Message::InThePast),
        ] {
            let form = CampaignForm { expires_at: end.into(), ..form() };
            assert_eq!(errors(form, None), [("expires_at".into(), message)], "{end}");
        }
        for hidden in ["a\0b", "a\nb", "a\u{200b}b"] {
            let (description, category) = (hidden.into(), hidden.into());
            let message = Message::InvisibleCharacters;
            let all = [("description".into(), message.clone()), ("category".into(), message)];
            assert_eq!(errors(CampaignForm { description, category, ..form() }, None), all, "{hidden:?}");
        }
        assert_eq!(wrong(CampaignForm { category: "x".repeat(51), ..form() }, None), ["category"]);
        assert_eq!(wrong(CampaignForm::default(), None), ["description"]);
    }

    #[test]
    fn an_empty_limit_is_none() {
        let limit = |max_uses: &str| {
            let form = CampaignForm { max_uses: max_uses.into(), ..form() };
            CampaignFields::parse(&form, NOW, &TimeZone::UTC, None).expect("fields").max_uses
        };
        assert_eq!((limit(" "), limit(" 7 ")), (None, Some(7)));
    }

    #[test]
    fn a_tick_outweighs_what_was_typed() {
        let typed = CampaignForm { max_uses: "many".into(), expires_at: "soon".into(), ..form() };
        assert_eq!(wrong(typed.clone(), None), ["max_uses", "expires_at"]);
        let ticked = CampaignForm { no_limit: true, never_expires: true, ..typed };
        let fields = CampaignFields::parse(&ticked, NOW, &TimeZone::UTC, None).expect("fields");
        assert_eq!((fields.max_uses, fields.expires_at), (None, None));
    }

    #[test]
    fn an_untouched_end_in_the_past_is_no_error() {
        let past = NOW.plus(-DAY - 1_234);
        assert!(wrong(CampaignForm { expires_at: past.minute(), ..form() }, Some(past)).is_empty());
        assert_eq!(wrong(CampaignForm { expires_at: past.plus(-DAY).minute(), ..form() }, Some(past)), ["expires_at"]);
    }

    #[test]
    fn an_end_is_in_the_time_zone_of_the_program() {
        let zone = TimeZone::get("America/New_York").expect("a zone");
        let form = CampaignForm { expires_at: "2026-12-31T18:00".into(), ..form() };
        let end = CampaignFields::parse(&form, NOW, &zone, None).expect("fields").expires_at;
        assert_eq!(end, Time::parse_minute("2026-12-31T23:00"));
        let exact = end.map(|end| end.plus(1_234));
        assert_eq!(CampaignFields::parse(&form, NOW, &zone, exact).expect("fields").expires_at, exact);
    }

    #[test]
    fn codes_are_read_in_any_case_and_may_be_left_to_chance() {
        let code = |text: &str| {
            CampaignFields::parse(&CampaignForm { code: text.into(), ..form() }, NOW, &TimeZone::UTC, None)
                .ok()
                .and_then(|d| d.code)
        };
        assert_eq!(code("spring-26").map(|c| c.to_string()), Some("SPRING-26".into()));
        assert_eq!(code(" "), None);
    }
}
