//! The reward rules of the program: made once, and changed by sequences, which begin with the first versions again.

use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Messages,
    Requests,
    /// Money.
    Credit,
    Choice,
}

impl Kind {
    pub fn text(self) -> &'static str {
        match self {
            Self::Messages => "extra_messages",
            Self::Requests => "extra_requests",
            Self::Credit => "account_credit",
            Self::Choice => "choice",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    SignUp,
    First,
    Every,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Of the kind; money in US dollars.
    Fixed(i64),
    /// Hundredths of a percent of the payment without tax, in its currency.
    Percent(i64),
}

impl Amount {
    fn times(self, factor: i64) -> Self {
        match self {
            Self::Fixed(amount) => Self::Fixed(factor * amount),
            Self::Percent(points) => Self::Percent(factor * points),
        }
    }
}

/// What a version of a rule says.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub name: &'static str,
    pub trigger: Trigger,
    pub for_friend: bool,
    pub kind: Kind,
    pub amount: Amount,
    /// The least that a payment is of, in US dollars.
    pub least: Option<i64>,
    pub hold_days: i64,
    pub valid_days: Option<i64>,
    /// Whether an admin has to approve it.
    pub by_hand: bool,
    /// One of the alternatives of the only group.
    pub option: Option<&'static str>,
}

const PLAIN: Terms = Terms {
    name: "",
    trigger: Trigger::SignUp,
    for_friend: false,
    kind: Kind::Messages,
    amount: Amount::Fixed(10),
    least: None,
    hold_days: 0,
    valid_days: None,
    by_hand: false,
    option: None,
};

pub const OPTIONS: [&str; 2] = ["money", "more"];

/// Rules of which other versions are made; they come before all others.
pub const CHANGED: usize = 3;

pub const RULES: [Terms; 8] = [
    Terms { name: "joined", valid_days: Some(30), ..PLAIN },
    Terms {
        name: "share",
        trigger: Trigger::Every,
        kind: Kind::Credit,
        amount: Amount::Percent(1_000),
        hold_days: 7,
        ..PLAIN
    },
    Terms { name: "first", trigger: Trigger::First, kind: Kind::Credit, amount: Amount::Fixed(1_000), ..PLAIN },
    Terms { name: "welcome", for_friend: true, amount: Amount::Fixed(5), valid_days: Some(20), ..PLAIN },
    Terms {
        name: "checked",
        trigger: Trigger::Every,
        kind: Kind::Requests,
        amount: Amount::Fixed(3),
        least: Some(1_500),
        hold_days: 5,
        valid_days: Some(10),
        by_hand: true,
        ..PLAIN
    },
    Terms { name: "money", option: Some(OPTIONS[0]), kind: Kind::Credit, amount: Amount::Fixed(700), ..THANKS },
    Terms { name: "messages", option: Some(OPTIONS[1]), amount: Amount::Fixed(50), valid_days: Some(15), ..THANKS },
    Terms { name: "requests", option: Some(OPTIONS[1]), kind: Kind::Requests, amount: Amount::Fixed(25), ..THANKS },
];

const THANKS: Terms = Terms { trigger: Trigger::First, hold_days: 2, ..PLAIN };

/// What another version of a rule says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    #[default]
    First,
    /// Three times the amount.
    Larger,
    /// Nothing.
    Off,
}

impl Version {
    fn of(self, terms: &Terms) -> Terms {
        let factor = if self == Self::Larger { 3 } else { 1 };
        Terms { amount: terms.amount.times(factor), ..*terms }
    }

    /// The change of a rule that leads to this version.
    pub fn json(self, rule: usize) -> Value {
        let amount = self.of(&RULES[rule]).amount;
        let mut body = json!({ "active": self != Self::Off });
        match amount {
            Amount::Fixed(amount) => body["amount"] = json!(amount),
            Amount::Percent(points) => body["basis_points"] = json!(points),
        }
        body
    }
}

impl Terms {
    /// The rule, as it is made.
    pub fn json(&self) -> Value {
        let trigger = match self.trigger {
            Trigger::SignUp => "signup",
            Trigger::First => "first_conversion",
            Trigger::Every => "every_conversion",
        };
        let mut body = json!({
            "name": self.name,
            "trigger": trigger,
            "recipient": if self.for_friend { "referee" } else { "referrer" },
            "kind": self.kind.text(),
            "conditions": {"min_amount": self.least},
            "hold_days": self.hold_days,
            "valid_days": self.valid_days,
            "approval": if self.by_hand { "manual" } else { "automatic" },
            "group": self.option.map(|_| "thanks"),
            "option": self.option,
        });
        match self.amount {
            Amount::Fixed(amount) => body["amount"] = json!(amount),
            Amount::Percent(points) => body["basis_points"] = json!(points),
        }
        body
    }
}

/// Which version of each rule was current when.
#[derive(Clone, Default)]
pub struct Rules {
    /// The hours since which they are so, the earliest first.
    changes: [Vec<(i64, Version)>; CHANGED],
}

impl Rules {
    /// What a rule said at an hour; nothing where it was off.
    pub fn at(&self, rule: usize, hour: i64) -> Option<Terms> {
        let changes = self.changes.get(rule).into_iter().flatten();
        let version = changes.rev().find(|change| change.0 <= hour).map_or(Version::First, |change| change.1);
        (version != Version::Off).then(|| version.of(&RULES[rule]))
    }

    pub fn change(&mut self, rule: usize, version: Version, hour: i64) {
        self.changes[rule].push((hour, version));
    }
}
