//! Codes: how they are written, made, and when they can be used.

use crate::domain::time::Time;
use serde::{Deserialize, Serialize};

/// What made codes draw from: nothing that reads like something else (no 0, O, I, 1). 32 characters.
pub const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Characters of a made personal code.
pub const PERSONAL_LENGTH: usize = 8;

/// Characters of the random tail of a named personal code.
pub const TAIL_LENGTH: usize = 4;

/// How often making a code is tried at one length before it grows by a character.
pub const TRIES: usize = 10;

/// A code as it is stored and compared: 3–50 of `A–Z 0–9 _ -`, in capitals.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Code(String);

impl Code {
    /// The code as somebody makes one: in any case, spaces around it apart. [`Code::read`] takes what people mangle.
    pub fn parse(input: &str) -> Option<Self> {
        let code = input.trim();
        let fits =
            (3..=50).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        fits.then(|| Self(code.to_ascii_uppercase()))
    }

    /// A random code: one character for every byte of `random`.
    pub fn random(random: &[u8]) -> Self {
        Self(draw(random))
    }

    /// A code that begins with `prefix`, as it stands, and goes on at random: one character for every byte.
    pub fn prefixed(prefix: &str, random: &[u8]) -> Self {
        Self(format!("{prefix}{}", draw(random)))
    }

    /// A readable code, `PREFIX-NAME` and a random tail, as `DEVO-ALEX7K3M`. An empty prefix is left out.
    pub fn named(prefix: &str, username: &str, random: &[u8]) -> Self {
        let capitals = |s: &str, most: usize| -> String {
            s.chars().filter(char::is_ascii_alphanumeric).take(most).collect::<String>().to_ascii_uppercase()
        };
        let (prefix, name) = (capitals(prefix, 12), capitals(username, 12));
        let dash = if prefix.is_empty() { "" } else { "-" };
        Self(format!("{prefix}{dash}{name}{}", draw(random)))
    }

    /// The code, for links and storing.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn draw(random: &[u8]) -> String {
    random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who a code is made for: one user, or a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), schema(as = CodeKind), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// One user's own.
    Personal,
    /// Made by an admin.
    Campaign,
}

/// Whether a code can be used now. Of several reasons against, the first in this order is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), schema(as = CodeStatus), sqlx(type_name = "TEXT", rename_all = "kebab-case"))]
#[serde(rename_all = "kebab-case")]
pub enum CodeStatus {
    Inactive,
    Expired,
    LimitReached,
    Active,
}

impl CodeStatus {
    /// All statuses, for choosing one.
    pub const ALL: [Self; 4] = [Self::Active, Self::Inactive, Self::Expired, Self::LimitReached];

    /// The name in addresses, attributes and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Expired => "expired",
            Self::LimitReached => "limit-reached",
        }
    }

    /// The status of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// What the status of a code depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeLimits {
    pub active: bool,
    pub expires_at: Option<Time>,
    pub max_uses: Option<i64>,
    pub uses: i64,
}

impl CodeLimits {
    /// The status at `now`.
    pub fn status(&self, now: Time) -> CodeStatus {
        if !self.active {
            CodeStatus::Inactive
        } else if self.expires_at.is_some_and(|end| end <= now) {
            CodeStatus::Expired
        } else if self.max_uses.is_some_and(|most| self.uses >= most) {
            CodeStatus::LimitReached
        } else {
            CodeStatus::Active
        }
    }
}

/// Why a code cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeProblem {
    CodeNotFound,
    CodeInactive,
    CodeExpired,
    UsageLimitReached,
}

impl CodeProblem {
    /// The problem that a status means, if it means one.
    pub fn of(status: CodeStatus) -> Option<Self> {
        match status {
            CodeStatus::Inactive => Some(Self::CodeInactive),
            CodeStatus::Expired => Some(Self::CodeExpired),
            CodeStatus::LimitReached => Some(Self::UsageLimitReached),
            CodeStatus::Active => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_compare_without_regard_to_case() {
        assert_eq!(Code::parse(" abc-7 "), Code::parse("ABC-7"));
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for wrong in ["", "ab", "a b c", "ÄBC", "<script>", &"A".repeat(51)] {
            assert_eq!(Code::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn named_codes_carry_prefix_and_name() {
        assert_eq!(Code::named("devo", "alex", &[0, 1, 2, 31]).as_str(), "DEVO-ALEXABC9");
        assert_eq!(Code::named("", "a_very-long.username-indeed", &[0; 4]).as_str(), "AVERYLONGUSEAAAA");
    }

    #[test]
    fn a_status_has_one_name_everywhere() {
        for status in CodeStatus::ALL {
            assert_eq!(serde_json::to_value(status).ok(), Some(status.name().into()));
            assert_eq!(CodeStatus::parse(status.name()), Some(status));
        }
    }

    #[test]
    fn the_first_reason_against_a_code_is_its_status() {
        let now = Time(1_000);
        let mut limits = CodeLimits { active: false, expires_at: Some(now), max_uses: Some(1), uses: 1 };
        assert_eq!(limits.status(now), CodeStatus::Inactive);
        limits.active = true;
        assert_eq!(limits.status(now), CodeStatus::Expired);
        limits.expires_at = Some(now.plus(1));
        assert_eq!(limits.status(now), CodeStatus::LimitReached);
        limits.uses = 0;
        assert_eq!(limits.status(now), CodeStatus::Active);
    }

    proptest::proptest! {
        #[test]
        fn made_codes_are_codes(random in proptest::collection::vec(proptest::num::u8::ANY, 3..20), name in "\\PC{0,40}") {
            for made in [Code::random(&random), Code::named("P", &name, &random)] {
                proptest::prop_assert_eq!(Code::parse(made.as_str()), Some(made.clone()));
            }
        }
    }
}
