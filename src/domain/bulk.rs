//! Many campaign codes at once: what an admin may ask for.

use super::{
    campaign::{self, Draft},
    code::{ALPHABET, Code},
    field::FieldError,
    time::Time,
};
use serde::{Deserialize, Serialize};

/// Codes of one order at most.
pub const MOST: i64 = 100_000;

/// Random characters, unless the admin says otherwise.
pub const LENGTH: usize = 8;

/// Random characters at most.
const LONGEST: usize = 20;

/// Characters of a prefix at most.
const PREFIX: usize = 30;

/// A code has at least so many characters in all.
const SHORTEST: usize = 3;

/// At most one in so many possible codes is made: they are found quickly, and guessing one is tedious.
const ROOM: u128 = 10;

/// The form as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    pub prefix: String,
    /// Characters after the prefix.
    pub length: String,
    pub count: String,
    /// What all the codes have in common; its `code` is not looked at.
    pub shared: campaign::Form,
}

/// Codes to be made, the beneficiary apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// In capitals.
    pub prefix: String,
    /// Random characters after the prefix.
    pub length: usize,
    pub count: i64,
    /// What all the codes have in common.
    pub shared: Draft,
}

impl Order {
    /// Reads the form, or says all that is wrong with it.
    pub fn parse(form: &Form, now: Time) -> Result<Self, Vec<FieldError>> {
        let shared = Draft::parse(&campaign::Form { code: String::new(), ..form.shared.clone() }, now, None);
        Self::of(form.prefix.trim(), form.length.trim().parse().ok(), form.count.trim().parse().ok(), shared)
    }

    /// The order, or all that is wrong with it. What is missing could not be read.
    pub fn of(
        prefix: &str,
        length: Option<usize>,
        count: Option<i64>,
        shared: Result<Draft, Vec<FieldError>>,
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = vec![];
        let mut wrong = |field: &str, message: String| errors.push(FieldError { field: field.into(), message });
        let prefix = prefix.to_ascii_uppercase();
        let fits = prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if !fits || prefix.len() > PREFIX {
            wrong("prefix", format!("A prefix has at most {PREFIX} of the characters A–Z, 0–9, “_” and “-”."));
        }
        let count = count.filter(|count| (1..=MOST).contains(count));
        if count.is_none() {
            wrong("count", "Please enter a whole number from 1 to 100,000.".into());
        }
        let length = length.filter(|length| (1..=LONGEST).contains(length));
        match (length, count) {
            (None, _) => wrong("length", format!("Please enter a whole number from 1 to {LONGEST}.")),
            (Some(length), _) if fits && prefix.len() + length < SHORTEST => {
                wrong("length", format!("Together with the prefix a code has at least {SHORTEST} characters."));
            }
            (Some(length), Some(count)) if length < needed(count) => {
                let needed = needed(count);
                wrong("length", format!("{count} different codes need at least {needed} random characters."));
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

    /// One of the codes that may be made; `chance` has as many bytes as the code has random characters.
    pub fn code(&self, chance: &[u8]) -> Code {
        Code::prefixed(&self.prefix, chance)
    }
}

/// Random characters that so many codes need.
fn needed(count: i64) -> usize {
    let wanted = u128::from(count.unsigned_abs()) * ROOM;
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

    fn form() -> Form {
        let shared = campaign::Form { description: "Fair".into(), max_uses: "100".into(), ..campaign::Form::default() };
        Form { prefix: " fair-".into(), length: "8".into(), count: "100000".into(), shared }
    }

    fn wrong(form: Form) -> Vec<String> {
        Order::parse(&form, NOW).err().unwrap_or_default().into_iter().map(|e| e.field).collect()
    }

    #[test]
    fn an_order_makes_codes_with_its_prefix() {
        let order = Order::parse(&form(), NOW).expect("an order");
        assert_eq!(order.code(&[0, 1, 31]).as_str(), "FAIR-AB9");
        assert_eq!((order.count, order.length), (100_000, 8));
    }

    #[test]
    fn each_rule_names_its_field() {
        assert_eq!(wrong(Form { prefix: "a b".into(), ..form() }), ["prefix"]);
        assert_eq!(wrong(Form { prefix: "x".repeat(31), ..form() }), ["prefix"]);
        for count in ["", "0", "-1", "100001", "many", "1.5"] {
            assert_eq!(wrong(Form { count: count.into(), ..form() }), ["count"], "{count}");
        }
        for length in ["", "0", "21", "-3", "eight"] {
            assert_eq!(wrong(Form { length: length.into(), ..form() }), ["length"], "{length}");
        }
        let short = Form { prefix: String::new(), length: "2".into(), count: "1".into(), ..form() };
        assert_eq!(wrong(short), ["length"]);
        assert_eq!(wrong(Form::default()), ["count", "length", "description", "max_uses"]);
    }

    #[test]
    fn codes_have_room() {
        for (count, length) in [(3, 1), (4, 2), (102, 2), (103, 3), (3_276, 3), (3_277, 4), (100_000, 4)] {
            assert_eq!(needed(count), length, "{count}");
        }
        assert_eq!(wrong(Form { length: "3".into(), ..form() }), ["length"]);
        assert!(wrong(Form { length: "4".into(), ..form() }).is_empty());
    }
}
