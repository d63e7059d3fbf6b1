//! The terms of a reward rule.

use crate::domain::{
    field::FieldError,
    ids::RuleId,
    message::Message,
    money::Currency,
    plain_text::one_line,
    rewards::kind,
    time::{Time, optional_rfc_3339},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Characters of the name of a rule, a group or an option at most.
const MAX_NAME: usize = 80;

/// Characters of a description at most.
const MAX_DESCRIPTION: usize = 200;

/// Characters of a unit at most.
const MAX_UNIT: usize = 30;

/// Days that a reward can be valid at most.
const MAX_VALID_DAYS: i64 = 3_650;

/// The largest amount, in smallest units or whole units of the kind.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000;

/// What a reward is given for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    #[default]
    Signup,
    /// The first payment that counts and meets the conditions.
    FirstConversion,
    EveryConversion,
    /// The referrer has as many friends as the milestone in the conditions says.
    Milestone,
}

impl Trigger {
    /// Whether it is about one payment.
    pub fn is_payment(self) -> bool {
        matches!(self, Self::FirstConversion | Self::EveryConversion)
    }
}

/// Who gets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    #[default]
    Referrer,
    Referee,
}

/// What it takes, besides the hold, until a reward is active.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    #[default]
    Automatic,
    /// An admin approves it.
    Manual,
}

/// The time over which a cap counts, in the program's time zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Day,
    Week,
    Month,
    Year,
    #[default]
    Ever,
}

/// Which friends a milestone counts: all who signed up, or those who paid and were not given all of it back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MilestoneOf {
    SignedUp,
    #[default]
    Converted,
}

/// A number of friends that a referrer reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    pub of: MilestoneOf,
    /// How many; null for the goal of each referrer.
    #[serde(default)]
    #[cfg_attr(feature = "ssr", schema(minimum = 1, maximum = 1_000_000))]
    pub count: Option<i64>,
}

/// What must be so for a reward to be given. Amounts are in the currency of the rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// The least that the payment is of, in smallest units.
    pub min_amount: Option<i64>,
    /// The least that the friend has paid by then in all, in smallest units.
    pub min_total: Option<i64>,
    /// Only payments for a period that begins within so many months of the first conversion.
    pub months: Option<i64>,
    /// What was bought, by the provider's id.
    pub product: Option<String>,
    /// Only when the friend has a verified e-mail address.
    pub verified_email: bool,
    /// What is reached, for the trigger `milestone`: each referrer gets the reward once.
    pub milestone: Option<Milestone>,
}

/// How many rewards of one referrer are given in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReferrerCap {
    pub count: i64,
    #[serde(default)]
    pub period: Period,
}

/// What a rule gives at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Caps {
    pub per_referrer: Option<ReferrerCap>,
    /// Rewards for one referral.
    pub per_referral: Option<i64>,
    /// What all rewards of the rule together may come to, in the units of its amount.
    pub budget: Option<i64>,
}

impl Caps {
    /// Whether there is any.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}

/// What a version of a rule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct RuleTerms {
    /// For admins. The description, unless something else is said.
    pub name: String,
    pub trigger: Trigger,
    pub recipient: Recipient,
    /// `extra_messages`, `extra_requests`, `account_credit`, `feature_unlock`, or a kind of your own: small letters,
    /// digits and `_`.
    pub kind: String,
    /// What the amount counts; a kind of your own needs one.
    pub unit: Option<String>,
    /// Smallest units of the currency for `account_credit`, days for `feature_unlock`, else whole units.
    pub amount: Option<i64>,
    /// Hundredths of a percent of what was paid, in place of an amount: 1150 is 11.5 %.
    pub basis_points: Option<i64>,
    /// Of the amount, of the budget, and of the amounts in the conditions.
    pub currency: Option<String>,
    /// What people read, e.g. `10 extra messages`.
    pub description: String,
    /// For how long it can be used once it is active; null for ever.
    pub valid_days: Option<i64>,
    /// How long it waits; null for as long as the program says.
    pub hold_days: Option<i64>,
    pub approval: Approval,
    /// Rules of one group are alternatives, of which the recipient picks one option.
    pub group: Option<String>,
    /// Rules with the same option in a group belong together.
    pub option: Option<String>,
    pub conditions: Conditions,
    pub caps: Caps,
    pub active: bool,
    #[serde(with = "optional_rfc_3339")]
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub starts_at: Option<Time>,
    #[serde(with = "optional_rfc_3339")]
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub ends_at: Option<Time>,
}

impl Default for RuleTerms {
    fn default() -> Self {
        Self {
            name: String::new(),
            trigger: Trigger::default(),
            recipient: Recipient::default(),
            kind: String::new(),
            unit: None,
            amount: None,
            basis_points: None,
            currency: None,
            description: String::new(),
            valid_days: None,
            hold_days: None,
            approval: Approval::default(),
            group: None,
            option: None,
            conditions: Conditions::default(),
            caps: Caps::default(),
            active: true,
            starts_at: None,
            ends_at: None,
        }
    }
}

impl RuleTerms {
    /// The terms by their names.
    pub fn into_object(self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(object)) => object,
            _ => Map::new(),
        }
    }

    /// These terms with other values of some names; each value that does not fit is named.
    pub fn with(&self, changes: &Map<String, Value>) -> Result<Self, Vec<FieldError>> {
        let mut object = self.clone().into_object();
        let mut errors = vec![];
        for (name, value) in changes {
            let alone = Map::from_iter([(name.clone(), value.clone())]);
            match serde_json::from_value::<Self>(Value::Object(alone)) {
                Ok(_) => drop(object.insert(name.clone(), value.clone())),
                Err(_) => errors.push(FieldError { field: name.clone(), message: Message::Malformed }),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let malformed = |_| vec![FieldError { field: String::new(), message: Message::Malformed }];
        serde_json::from_value(Value::Object(object)).map_err(malformed)
    }

    /// The currency of the amounts that the rule names.
    pub fn money_currency(&self) -> Option<Currency> {
        self.currency.as_deref().and_then(Currency::parse)
    }

    /// What admins call the rule: its name, else what people read.
    pub fn label(&self) -> &str {
        [&self.name, &self.description].into_iter().find(|text| !text.is_empty()).unwrap_or(&self.kind)
    }

    /// Whether an occasion at this time is within its dates.
    pub fn runs_at(&self, at: Time) -> bool {
        self.active && self.starts_at.is_none_or(|start| start <= at) && self.ends_at.is_none_or(|end| at < end)
    }

    /// Tidies the terms, or says all that is wrong with them. `currency` is the program's, for a rule that names none.
    pub fn validated(mut self, currency: &str) -> Result<Self, Vec<FieldError>> {
        let mut errors = vec![];
        let mut wrong = |field: &str, message: Message| errors.push(FieldError { field: field.into(), message });
        let mut line = |field: &str, text: &str, max: usize| match one_line(text.trim()) {
            Ok(text) if text.chars().count() <= max => text.to_owned(),
            Ok(_) => {
                wrong(field, Message::OneLine { max });
                String::new()
            }
            Err(message) => {
                wrong(field, message);
                String::new()
            }
        };
        self.name = line("name", &self.name, MAX_NAME);
        self.description = line("description", &self.description, MAX_DESCRIPTION);
        self.kind = self.kind.trim().to_owned();
        let mut optional = |field: &str, text: &Option<String>, max: usize| {
            Some(line(field, text.as_deref().unwrap_or_default(), max)).filter(|text| !text.is_empty())
        };
        self.unit = optional("unit", &self.unit, MAX_UNIT);
        self.group = optional("group", &self.group, MAX_NAME);
        self.option = optional("option", &self.option, MAX_NAME);
        self.conditions.product = optional("conditions.product", &self.conditions.product, 255);
        self.currency = self.currency.map(|text| text.trim().to_ascii_uppercase()).filter(|text| !text.is_empty());

        let is_money = kind::is_money(&self.kind);
        let conversion = self.trigger.is_payment();
        let milestone = self.trigger == Trigger::Milestone;
        if !kind::is_kind(&self.kind) {
            wrong("kind", Message::RewardKindMalformed { max: kind::MAX_KIND });
        } else if is_money {
            self.unit = None;
        } else if self.unit.is_none() {
            self.unit = kind::standard_unit(&self.kind).map(str::to_owned);
            if self.unit.is_none() {
                wrong("unit", Message::RewardUnitMissing);
            }
        }
        match (self.amount, self.basis_points) {
            (Some(amount), None) if (1..=MAX_AMOUNT).contains(&amount) => {}
            (None, Some(_)) if !is_money || !conversion => wrong("basis_points", Message::RewardPercentOfNothing),
            (None, Some(1..=10_000)) => {}
            (None, Some(_)) => wrong("basis_points", Message::WholeNumber { min: 1, max: 10_000 }),
            (Some(_), Some(_)) => wrong("basis_points", Message::RewardAmountOrPercent),
            (_, None) => wrong("amount", Message::WholeNumber { min: 1, max: MAX_AMOUNT }),
        }
        let Conditions { min_amount, min_total, months, .. } = self.conditions;
        let names_money = (is_money && (self.amount.is_some() || self.caps.budget.is_some()))
            || min_amount.is_some()
            || min_total.is_some();
        if names_money && self.currency.is_none() {
            self.currency = Some(currency.to_owned());
        }
        if self.currency.as_deref().is_some_and(|text| Currency::parse(text).is_none()) {
            wrong("currency", Message::CurrencyMalformed);
        }
        if self.kind == kind::FEATURE_UNLOCK {
            // Its amount says how long it is valid.
            self.valid_days = None;
        }
        for (field, number, min, max) in [
            ("valid_days", self.valid_days, 1, MAX_VALID_DAYS),
            ("hold_days", self.hold_days, 0, 365),
            ("conditions.min_amount", min_amount, 1, MAX_AMOUNT),
            ("conditions.min_total", min_total, 1, MAX_AMOUNT),
            ("conditions.months", months, 1, 120),
            ("conditions.milestone.count", self.conditions.milestone.and_then(|reached| reached.count), 1, 1_000_000),
            ("caps.per_referrer", self.caps.per_referrer.map(|cap| cap.count), 1, 1_000_000),
            ("caps.per_referral", self.caps.per_referral, 1, 1_000_000),
            ("caps.budget", self.caps.budget, 1, MAX_AMOUNT),
        ] {
            if number.is_some_and(|number| !(min..=max).contains(&number)) {
                wrong(field, Message::WholeNumber { min, max });
            }
        }
        for (field, set) in [
            ("conditions.min_amount", min_amount.is_some()),
            ("conditions.min_total", min_total.is_some()),
            ("conditions.months", months.is_some()),
            ("conditions.product", self.conditions.product.is_some()),
        ] {
            if set && !conversion && !milestone {
                wrong(field, Message::RewardConditionOfPayments);
            }
            if set && milestone {
                wrong(field, Message::RewardNotForMilestone);
            }
        }
        match self.conditions.milestone {
            None if milestone => wrong("conditions.milestone", Message::RewardMilestoneMissing),
            Some(_) if !milestone => wrong("conditions.milestone", Message::RewardMilestoneElsewhere),
            _ => {}
        }
        if milestone && self.recipient != Recipient::Referrer {
            wrong("recipient", Message::RewardMilestoneRecipient);
        }
        for (field, set) in [
            ("conditions.verified_email", self.conditions.verified_email),
            ("caps.per_referral", self.caps.per_referral.is_some()),
        ] {
            if set && milestone {
                wrong(field, Message::RewardNotForMilestone);
            }
        }
        if self.group.is_some() != self.option.is_some() {
            let field = if self.group.is_some() { "option" } else { "group" };
            wrong(field, Message::RewardGroupAndOption);
        }
        if self.starts_at.zip(self.ends_at).is_some_and(|(start, end)| end <= start) {
            wrong("ends_at", Message::EndsBeforeStart);
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}

/// A version of a rule, and when it was the current one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleVersion {
    pub rule: RuleId,
    pub version: i64,
    pub terms: RuleTerms,
    pub since: Time,
    /// When the next one came, or the rule was deleted.
    pub until: Option<Time>,
}

impl RuleVersion {
    /// Whether it was the current one at this time.
    pub fn was_current_at(&self, at: Time) -> bool {
        self.since <= at && self.until.is_none_or(|until| at < until)
    }
}
