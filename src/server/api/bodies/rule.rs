//! Reward rules.

use crate::domain::rewards::rule::{Approval, Caps, Conditions, Recipient, Trigger};
use crate::server::api::{bodies::Instant, extract::not_null};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Terms of a rule by their names.
#[derive(Clone, Debug)]
pub struct RuleFields(pub Map<String, Value>);

impl<'de> Deserialize<'de> for RuleFields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let fields = Map::deserialize(from)?;
        // Says what is wrong where it is not of the form; whether the values make sense is looked at later.
        RuleBody::deserialize(&Value::Object(fields.clone())).map_err(D::Error::custom)?;
        Ok(Self(fields))
    }
}

/// A reward rule, as it is made or changed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = RuleFields)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it says what the fields are; they are read by their names")]
pub struct RuleBody {
    /// For admins.
    #[schema(nullable = false, max_length = 80)]
    #[serde(default, deserialize_with = "not_null")]
    name: Option<String>,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "not_null")]
    trigger: Option<Trigger>,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "not_null")]
    recipient: Option<Recipient>,
    /// `extra_messages`, `extra_requests`, `account_credit`, `feature_unlock`, or a kind of your own.
    #[schema(nullable = false, max_length = 40)]
    #[serde(default, deserialize_with = "not_null")]
    kind: Option<String>,
    /// What the amount counts; a kind of your own needs one.
    #[schema(max_length = 30)]
    #[serde(default)]
    unit: Option<String>,
    /// Smallest units of the currency for `account_credit`, days for `feature_unlock`, else whole units.
    #[schema(minimum = 1, maximum = 1000000000000_i64)]
    #[serde(default)]
    amount: Option<i64>,
    /// Hundredths of a percent of what was paid, in place of an amount.
    #[schema(minimum = 1, maximum = 10000)]
    #[serde(default)]
    basis_points: Option<i64>,
    /// Three letters (ISO 4217); the program's currency unless something else is said.
    #[schema(pattern = r"^\s*[A-Za-z]{3}\s*$")]
    #[serde(default)]
    currency: Option<String>,
    /// What people read.
    #[schema(nullable = false, max_length = 200)]
    #[serde(default, deserialize_with = "not_null")]
    description: Option<String>,
    /// Null for ever.
    #[schema(minimum = 1, maximum = 3650)]
    #[serde(default)]
    valid_days: Option<i64>,
    /// Null for as long as the program says.
    #[schema(minimum = 0, maximum = 365)]
    #[serde(default)]
    hold_days: Option<i64>,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "not_null")]
    approval: Option<Approval>,
    #[schema(max_length = 80)]
    #[serde(default)]
    group: Option<String>,
    #[schema(max_length = 80)]
    #[serde(default)]
    option: Option<String>,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "not_null")]
    conditions: Option<Conditions>,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "not_null")]
    caps: Option<Caps>,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "not_null")]
    active: Option<bool>,
    #[serde(default)]
    starts_at: Option<Instant>,
    #[serde(default)]
    ends_at: Option<Instant>,
}
