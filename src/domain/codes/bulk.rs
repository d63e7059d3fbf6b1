//! Many campaign codes at once: the fields of the request, and their rules.

use crate::domain::{
    codes::{
        campaign::{self, CampaignFields},
        code::{ALPHABET, Code},
    },
    field::FieldError,
    ids::UserId,
    job::JobPayload,
    message::Message,
    settings::ProgramSettings,
    time::Time,
};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Codes of one request at most.
pub const MAX_COUNT: i64 = 100_000;

/// Random characters, unless the admin says otherwise and where the program asks for no more.
const DEFAULT_LENGTH: i64 = 8;

/// Random characters at most.
const MAX_LENGTH: usize = 20;

/// Characters of a prefix at most.
const MAX_PREFIX: usize = 30;

/// A code has at least so many characters in all.
const MIN_CODE: usize = 3;

/// At most one in so many possible codes is made: they are found quickly, and guessing one is tedious.
const MIN_SPARSITY: u128 = 10;

/// Random characters, unless the admin says otherwise.
pub fn default_length(settings: &ProgramSettings) -> i64 {
    settings.random_code_length.max(DEFAULT_LENGTH)
}

/// The form as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BulkForm {
    pub prefix: String,
    /// Characters after the prefix.
    pub length: String,
    pub count: String,
    /// What all the codes have in common; its `code` is not looked at.
    pub shared: campaign::CampaignForm,
}

/// Codes to be made, the beneficiary apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkRequest {
    /// In capitals.
    pub prefix: String,
    /// Random characters after the prefix.
    pub length: usize,
    pub count: i64,
    /// What all the codes have in common.
    pub shared: CampaignFields,
}

/// What the job that creates the codes has to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BulkCodesJob {
    pub codes: BulkRequest,
    pub beneficiary: Option<UserId>,
    /// The beneficiary's e-mail as it was; empty for nobody.
    pub credited: String,
}

impl JobPayload for BulkCodesJob {
    const KIND: &'static str = "bulk_codes";
}

impl BulkRequest {
    /// Reads the form, whose times are in `zone`, or says all that is wrong with it.
    pub fn parse(form: &BulkForm, now: Time, zone: &TimeZone) -> Result<Self, Vec<FieldError>> {
        let shared = campaign::CampaignForm { code: String::new(), ..form.shared.clone() };
        let shared = CampaignFields::parse(&shared, now, zone, None);
        Self::of(form.prefix.trim(), form.length.trim().parse().ok(), form.count.trim().parse().ok(), shared)
    }

    /// The request, or all that is wrong with it. What is missing could not be read.
    pub fn of(
        prefix: &str,
        length: Option<usize>,
        count: Option<i64>,
        shared: Result<CampaignFields, Vec<FieldError>>,
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = vec![];
        let mut wrong = |field: &str, message: Message| errors.push(FieldError { field: field.into(), message });
        let prefix = prefix.to_ascii_uppercase();
        let fits = prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if !fits || prefix.len() > MAX_PREFIX {
            wrong("prefix", Message::PrefixCharacters { max: MAX_PREFIX });
        }
        let count = count.filter(|count| (1..=MAX_COUNT).contains(count));
        if count.is_none() {
            wrong("count", Message::CodeCount { min: 1, max: MAX_COUNT });
        }
        let length = length.filter(|length| (1..=MAX_LENGTH).contains(length));
        match (length, count) {
            (None, _) => wrong("length", Message::WholeNumber { min: 1, max: MAX_LENGTH as i64 }),
            (Some(length), _) if fits && prefix.len() + length < MIN_CODE => {
                wrong("length", Message::CodeTooShort { min: MIN_CODE });
            }
            (Some(length), Some(count)) if length < min_length(count) => {
                wrong("length", Message::MoreCharacters { count, min: min_length(count) });
            }
            _ => {}
        }
        match (length, count, shared) {
            (Some(length), Some(count), Ok(shared)) if errors.is_empty() => Ok(Self { prefix, length, count, shared }),
            (_, _, shared) => {
                errors.extend(shared.err().unwrap_or_default());
                Err(errors)
            }
        }
    }

    /// One of the codes that may be made; `random` has as many bytes as the code has random characters.
    pub fn code(&self, random: &[u8]) -> Code {
        Code::prefixed(&self.prefix, random)
    }
}

/// Random characters that so many codes need.
fn min_length(count: i64) -> usize {
    let wanted = u128::from(count.unsigned_abs()) * MIN_SPARSITY;
    let mut possible = 1;
    let mut length = 0;
    while possible < wanted {
        possible *= ALPHABET.len() as u128;
        length += 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_777_766_400_000);

    fn form() -> BulkForm {
        let shared = campaign::CampaignForm {
            description: "Fair".into(),
            max_uses: "100".into(),
            ..campaign::CampaignForm::default()
        };
        BulkForm { prefix: " fair-".into(), length: "8".into(), count: "100000".into(), shared }
    }

    fn errors(form: BulkForm) -> Vec<(String, Message)> {
        let errors = BulkRequest::parse(&form, NOW, &TimeZone::UTC).err().unwrap_or_default();
        errors.into_iter().map(|e| (e.field, e.message)).collect()
    }

    fn wrong(form: BulkForm) -> Vec<String> {
        errors(form).into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn an_order_makes_codes_with_its_prefix() {
        let request = BulkRequest::parse(&form(), NOW, &TimeZone::UTC).expect("a request");
        assert_eq!(request.code(&[0, 1, 31]).as_str(), "FAIR-AB9");
        assert_eq!((request.count, request.length), (100_000, 8));
    }

    #[test]
    fn each_rule_names_its_field() {
        assert_eq!(wrong(BulkForm { prefix: "a b".into(), ..form() }), ["prefix"]);
        assert_eq!(wrong(BulkForm { prefix: "x".repeat(31), ..form() }), ["prefix"]);
        for count in ["", "0", "-1", "100001", "many", "1.5"] {
            assert_eq!(wrong(BulkForm { count: count.into(), ..form() }), ["count"], "{count}");
        }
        for length in ["", "0", "21", "-3", "eight"] {
            assert_eq!(wrong(BulkForm { length: length.into(), ..form() }), ["length"], "{length}");
        }
        let short = BulkForm { prefix: String::new(), length: "2".into(), count: "1".into(), ..form() };
        assert_eq!(errors(short), [("length".into(), Message::CodeTooShort { min: 3 })]);
        assert_eq!(wrong(BulkForm::default()), ["count", "length", "description"]);
    }

    #[test]
    fn codes_have_room() {
        for (count, length) in [(3, 1), (4, 2), (102, 2), (103, 3), (3_276, 3), (3_277, 4), (100_000, 4)] {
            assert_eq!(min_length(count), length, "{count}");
        }
        let more = Message::MoreCharacters { count: 100_000, min: 4 };
        assert_eq!(errors(BulkForm { length: "3".into(), ..form() }), [("length".into(), more)]);
        assert!(wrong(BulkForm { length: "4".into(), ..form() }).is_empty());
    }
}
