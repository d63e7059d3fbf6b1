//! The form of a rule: what people type becomes terms by their names.

use crate::domain::{
    field::FieldError,
    local_time::{local_minute, parse_local},
    message::Message,
    money::{Currency, parse_decimal},
    rewards::{
        kind,
        percent::parse_percent,
        rule::{MAX_AMOUNT, Period, RuleTerms},
    },
    settings::ProgramSettings,
    time::Time,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What was typed, by the names of the fields.
pub type Typed = BTreeMap<String, String>;

/// The value of the field `kind` that says that `own_kind` has the name.
pub const OWN_KIND: &str = "own";

/// What is no number is out of the range of every number, so that the rule says which numbers it takes.
const NO_NUMBER: i64 = -1;

/// All terms of a rule as they were typed, or all that is wrong with them by the names of the fields.
pub fn fields(typed: &Typed, program: &ProgramSettings) -> Result<Map<String, Value>, Vec<FieldError>> {
    let (fields, mut errors) = read(typed, program);
    let found = RuleTerms::default().with(&fields).and_then(|terms| terms.validated(&program.currency)).err();
    for FieldError { field, message } in found.unwrap_or_default() {
        let field = match field.as_str() {
            "basis_points" => "percent",
            "kind" if text(typed, "kind") == OWN_KIND => "own_kind",
            "conditions.milestone" => "conditions.milestone.count",
            other => other,
        };
        let told = |error: &FieldError| error.field == field || (field == "amount" && error.field == "percent");
        if !errors.iter().any(told) {
            errors.push(FieldError { field: field.into(), message });
        }
    }
    if errors.is_empty() { Ok(fields) } else { Err(errors) }
}

/// The terms as far as they can be read while somebody types, with amounts in the program's currency where they have
/// none.
pub fn draft(typed: &Typed, program: &ProgramSettings) -> RuleTerms {
    let mut terms = RuleTerms::default().with(&read(typed, program).0).unwrap_or_default();
    terms.currency = terms.money_currency().or(Currency::parse(&program.currency)).map(|currency| currency.to_string());
    terms
}

/// The terms by their names, and what could not be read of them.
fn read(typed: &Typed, program: &ProgramSettings) -> (Map<String, Value>, Vec<FieldError>) {
    let mut errors = vec![];
    let optional = |name: &str| Some(text(typed, name)).filter(|text| !text.is_empty());
    let number = |name: &str| optional(name).map(|text| text.parse().unwrap_or(NO_NUMBER));
    let kind = if text(typed, "kind") == OWN_KIND { text(typed, "own_kind") } else { text(typed, "kind") };
    let is_money = kind::is_money(kind);
    let typed_currency = optional("currency");
    let currency = typed_currency.and_then(Currency::parse).or_else(|| Currency::parse(&program.currency));

    let mut money = |name: &str| {
        let amount = amount(optional(name)?, currency?);
        amount.map_err(|message| errors.push(FieldError { field: name.into(), message })).ok()
    };
    let (min_amount, min_total) = (money("conditions.min_amount"), money("conditions.min_total"));
    let (amount, budget) = match is_money {
        true => (money("amount"), money("caps.budget")),
        false => (number("amount"), number("caps.budget")),
    };
    let mut wrong = |name: &str, message: Message| errors.push(FieldError { field: name.into(), message });
    let percent = optional("percent").and_then(|text| match parse_percent(text) {
        Ok(percent) => Some(percent),
        Err(message) => {
            wrong("percent", message);
            None
        }
    });
    if let (true, None, None, Some(currency)) = (is_money, optional("amount"), optional("percent"), currency) {
        wrong("amount", Message::AmountMalformed { currency: currency.to_string(), digits: currency.digits() });
    }
    let period = match serde_json::from_value::<Period>(json!(optional("caps.period").unwrap_or("ever"))) {
        Ok(period) => period,
        Err(_) => {
            wrong("caps.period", Message::ChoiceUnknown);
            Period::default()
        }
    };
    let mut moment = |name: &str| {
        let at = optional(name).map(|text| parse_local(text, &program.zone()))?;
        if at.is_none() {
            wrong(name, Message::MomentMalformed);
        }
        at.map(Time::rfc_3339)
    };
    let (starts_at, ends_at) = (moment("starts_at"), moment("ends_at"));
    let names_money =
        is_money || ["conditions.min_amount", "conditions.min_total"].map(optional).iter().any(Option::is_some);
    let ticked = |name: &str| typed.contains_key(name);
    let count = number("conditions.milestone.count");
    let milestone = (text(typed, "trigger") == "milestone" || count.is_some())
        .then(|| json!({ "of": optional("conditions.milestone.of").unwrap_or("converted"), "count": count }));
    let terms = json!({
        "name": text(typed, "name"),
        "trigger": text(typed, "trigger"),
        "recipient": text(typed, "recipient"),
        "kind": kind,
        "unit": optional("unit"),
        "amount": amount,
        "basis_points": percent,
        "currency": typed_currency.filter(|_| names_money),
        "description": text(typed, "description"),
        "valid_days": number("valid_days"),
        "hold_days": number("hold_days"),
        "approval": text(typed, "approval"),
        "group": optional("group"),
        "option": optional("option"),
        "conditions": {
            "min_amount": min_amount,
            "min_total": min_total,
            "months": number("conditions.months"),
            "product": optional("conditions.product"),
            "verified_email": ticked("conditions.verified_email"),
            "milestone": milestone,
        },
        "caps": {
            "per_referrer": number("caps.per_referrer").map(|count| json!({ "count": count, "period": period })),
            "per_referral": number("caps.per_referral"),
            "budget": budget,
        },
        "active": ticked("active"),
        "starts_at": starts_at,
        "ends_at": ends_at,
    });
    (terms.as_object().cloned().unwrap_or_default(), errors)
}

/// Whether a field shows this time as nobody has changed it: seconds, and which of two equal times it is, are not
/// shown.
pub fn is_untouched(typed: &Typed, name: &str, was: Option<Time>, program: &ProgramSettings) -> bool {
    was.is_some_and(|was| text(typed, name) == local_minute(was, &program.zone()))
}

fn text<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map(|text| text.trim()).unwrap_or_default()
}

/// An amount of money, in smallest units.
fn amount(text: &str, currency: Currency) -> Result<i64, Message> {
    match parse_decimal(text, currency)? {
        ..=0 => Err(Message::AmountNotPositive),
        amount @ 1..=MAX_AMOUNT => Ok(amount),
        _ => Err(Message::AmountMalformed { currency: currency.to_string(), digits: currency.digits() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rewards::rule::{Milestone, MilestoneOf};

    const CREDIT: [(&str, &str); 6] = [
        ("trigger", "first_conversion"),
        ("recipient", "referrer"),
        ("kind", "account_credit"),
        ("amount", " 10.00 "),
        ("approval", "automatic"),
        ("active", "true"),
    ];

    /// The form with some fields typed otherwise.
    fn form(changed: &[(&str, &str)]) -> Typed {
        CREDIT.iter().chain(changed).map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    fn terms(changed: &[(&str, &str)]) -> RuleTerms {
        let fields = fields(&form(changed), &ProgramSettings::default()).expect("a rule");
        RuleTerms::default().with(&fields).expect("terms")
    }

    fn wrong(changed: &[(&str, &str)]) -> Vec<(String, Message)> {
        let errors = fields(&form(changed), &ProgramSettings::default()).expect_err("no rule");
        errors.into_iter().map(|error| (error.field, error.message)).collect()
    }

    fn malformed(currency: &str, digits: u32) -> Message {
        Message::AmountMalformed { currency: currency.into(), digits }
    }

    #[test]
    fn what_is_typed_is_what_the_rule_says() {
        let plain = terms(&[]);
        assert_eq!((plain.amount, plain.basis_points, plain.active), (Some(1_000), None, true));
        let typed = terms(&[
            ("currency", "jpy"),
            ("amount", "500"),
            ("hold_days", "0"),
            ("valid_days", "30"),
            ("group", "first"),
            ("option", "credit"),
            ("conditions.min_amount", "2000"),
            ("conditions.months", "12"),
            ("conditions.verified_email", "true"),
            ("caps.per_referrer", "5"),
            ("caps.period", "month"),
            ("caps.per_referral", "1"),
            ("caps.budget", "50000"),
            ("starts_at", "2026-12-01T00:00"),
        ]);
        assert_eq!((typed.amount, typed.hold_days, typed.valid_days), (Some(500), Some(0), Some(30)));
        assert_eq!((typed.group.as_deref(), typed.option.as_deref()), (Some("first"), Some("credit")));
        let conditions = &typed.conditions;
        assert_eq!((conditions.min_amount, conditions.min_total, conditions.months), (Some(2_000), None, Some(12)));
        assert!(conditions.verified_email && conditions.product.is_none());
        let cap = typed.caps.per_referrer.expect("a cap");
        assert_eq!((cap.count, cap.period, typed.caps.per_referral), (5, Period::Month, Some(1)));
        assert_eq!(typed.caps.budget, Some(50_000));
        assert_eq!(typed.starts_at.map(Time::rfc_3339).as_deref(), Some("2026-12-01T00:00:00Z"));
    }

    #[test]
    fn times_are_those_of_the_program() {
        let program = ProgramSettings { time_zone: "Europe/Berlin".into(), ..ProgramSettings::default() };
        let typed = form(&[("starts_at", "2026-12-01T00:00")]);
        assert_eq!(fields(&typed, &program).expect("a rule")["starts_at"], "2026-11-30T23:00:00Z");
        let was = Time::parse_minute("2026-11-30T23:00:45");
        assert!(is_untouched(&typed, "starts_at", was, &program));
        assert!(!is_untouched(&typed, "ends_at", was, &program) && !is_untouched(&typed, "starts_at", None, &program));
    }

    #[test]
    fn a_milestone_is_a_number_of_friends_or_their_goal() {
        let milestone = |typed: &[(&str, &str)]| terms(typed).conditions.milestone;
        let trigger = ("trigger", "milestone");
        let (count, of) = (("conditions.milestone.count", "5"), ("conditions.milestone.of", "signed_up"));
        assert_eq!(milestone(&[trigger, count, of]), Some(Milestone { of: MilestoneOf::SignedUp, count: Some(5) }));
        assert_eq!(milestone(&[trigger]), Some(Milestone { of: MilestoneOf::Converted, count: None }));
        // Which friends is always chosen in the form.
        assert_eq!(milestone(&[of]), None);
        assert_eq!(wrong(&[count]), [("conditions.milestone.count".to_owned(), Message::RewardMilestoneElsewhere)]);
        let whole = Message::WholeNumber { min: 1, max: 1_000_000 };
        let none = ("conditions.milestone.count", "0");
        assert_eq!(wrong(&[trigger, none]), [("conditions.milestone.count".to_owned(), whole)]);
    }

    #[test]
    fn amounts_are_of_their_kind() {
        let percent = terms(&[("amount", ""), ("percent", "11.5"), ("caps.budget", "500")]);
        assert_eq!((percent.amount, percent.basis_points, percent.caps.budget), (None, Some(1_150), Some(50_000)));
        let own = [("kind", "own"), ("own_kind", "stickers"), ("unit", "stickers"), ("amount", "3")];
        let own = terms(&[&own[..], &[("caps.budget", "500"), ("currency", "EUR")]].concat());
        assert_eq!((own.kind.as_str(), own.amount, own.caps.budget), ("stickers", Some(3), Some(500)));
        // Nothing in it is money.
        assert_eq!(own.currency, None);
        let messages = terms(&[("kind", "extra_messages"), ("amount", "5"), ("conditions.min_total", "99.50")]);
        assert_eq!((messages.amount, messages.conditions.min_total), (Some(5), Some(9_950)));
    }

    #[test]
    fn all_that_is_wrong_is_named_by_its_field() {
        let whole = |min, max| Message::WholeNumber { min, max };
        for (changed, errors) in [
            (&[("amount", "10,00")][..], vec![("amount", malformed("USD", 2))]),
            (&[("amount", "")], vec![("amount", malformed("USD", 2))]),
            (&[("amount", "0")], vec![("amount", Message::AmountNotPositive)]),
            (&[("amount", "10.5"), ("currency", "JPY")], vec![("amount", malformed("JPY", 0))]),
            (&[("amount", "999999999999")], vec![("amount", malformed("USD", 2))]),
            (&[("amount", ""), ("percent", "101")], vec![("percent", Message::RewardPercentMalformed)]),
            (&[("percent", "5")], vec![("percent", Message::RewardAmountOrPercent)]),
            (&[("currency", "dollars")], vec![("currency", Message::CurrencyMalformed)]),
            (&[("kind", "extra_messages"), ("amount", "1.5")], vec![("amount", whole(1, MAX_AMOUNT))]),
            (
                &[("kind", "own"), ("own_kind", "My Kind"), ("amount", "3")],
                vec![("own_kind", Message::RewardKindMalformed { max: 40 })],
            ),
            (&[("hold_days", "soon")], vec![("hold_days", whole(0, 365))]),
            (&[("ends_at", "soon")], vec![("ends_at", Message::MomentMalformed)]),
            (&[("caps.period", "hour")], vec![("caps.period", Message::ChoiceUnknown)]),
            (&[("trigger", "birthday")], vec![("trigger", Message::Malformed)]),
            (&[("option", "a")], vec![("group", Message::RewardGroupAndOption)]),
            (
                &[("caps.per_referrer", "0"), ("conditions.min_amount", "x"), ("conditions.months", "x")],
                vec![
                    ("conditions.min_amount", malformed("USD", 2)),
                    ("conditions.months", whole(1, 120)),
                    ("caps.per_referrer", whole(1, 1_000_000)),
                ],
            ),
        ] {
            let errors: Vec<_> = errors.into_iter().map(|(field, message)| (field.to_owned(), message)).collect();
            assert_eq!(wrong(changed), errors, "{changed:?}");
        }
    }

    #[test]
    fn a_draft_is_what_can_be_read_of_it() {
        let euro = ProgramSettings { currency: "EUR".into(), ..ProgramSettings::default() };
        let draft = draft(&form(&[("amount", "1o"), ("hold_days", "3"), ("caps.budget", "50")]), &euro);
        assert_eq!((draft.amount, draft.hold_days, draft.caps.budget), (None, Some(3), Some(5_000)));
        assert_eq!(draft.currency.as_deref(), Some("EUR"));
        assert_eq!(super::draft(&Typed::new(), &euro).kind, "");
    }
}
