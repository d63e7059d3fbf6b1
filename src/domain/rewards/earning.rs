//! What an occasion earns.

use crate::domain::{
    ids::{PaymentId, RewardId, RuleId, UserId},
    money::{Currency, ratio},
    rewards::rule::{Conditions, Milestone, Recipient, RuleTerms, RuleVersion, Trigger},
    time::{Time, month_later},
};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// What a reward is given for. Of one rule, one recipient gets one reward for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Occasion {
    /// This friend joined.
    Signup(UserId),
    /// This friend paid for the first time.
    First(UserId),
    Payment(PaymentId),
    /// So many friends of the recipient count.
    Milestone(i64),
    /// The payment of this reward turned out to be the same as another one, which has a reward already.
    Merged(RewardId),
}

impl fmt::Display for Occasion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signup(user) => write!(f, "signup:{user}"),
            Self::First(user) => write!(f, "first:{user}"),
            Self::Payment(payment) => write!(f, "payment:{payment}"),
            Self::Milestone(count) => write!(f, "milestone:{count}"),
            Self::Merged(reward) => write!(f, "merged:{reward}"),
        }
    }
}

impl FromStr for Occasion {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (name, id) = text.split_once(':').ok_or(())?;
        let id = id.parse().map_err(|_| ())?;
        match name {
            "signup" => Ok(Self::Signup(UserId(id))),
            "first" => Ok(Self::First(UserId(id))),
            "payment" => Ok(Self::Payment(PaymentId(id))),
            "milestone" => Ok(Self::Milestone(id)),
            "merged" => Ok(Self::Merged(RewardId(id))),
            _ => Err(()),
        }
    }
}

/// What gives a reward: a rule alone, or a group of rules that are alternatives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantedBy {
    Rule(RuleId),
    Group(String),
}

impl GrantedBy {
    fn of(version: &RuleVersion) -> Self {
        version.terms.group.clone().map_or(Self::Rule(version.rule), Self::Group)
    }
}

impl fmt::Display for GrantedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => write!(f, "rule:{rule}"),
            Self::Group(name) => write!(f, "group:{name}"),
        }
    }
}

/// What is known of a referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferralFacts {
    pub id: i64,
    pub referee: UserId,
    pub referrer: Option<UserId>,
    pub signed_up_at: Time,
    /// Since when this code is credited, where that was corrected: rules of before it give nothing.
    pub corrected_at: Option<Time>,
    pub email_verified: bool,
    /// Whether it looks wrong, and no admin has decided about it.
    pub in_review: bool,
}

/// What is known of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidFacts {
    pub id: PaymentId,
    /// When it was first told of: the rules of then decide.
    pub recorded_at: Time,
    pub occurred_at: Time,
    pub amount: i64,
    pub net_amount: i64,
    pub currency: Option<Currency>,
    pub refunded: i64,
    pub disputed: bool,
    /// Whether it is a conversion, also one that was given back.
    pub counts: bool,
    /// Whether it is the same as another one.
    pub duplicate: bool,
    /// Whether it may earn anything.
    pub earns: bool,
    pub product: Option<String>,
    pub period_start: Option<Time>,
}

impl PaidFacts {
    /// What was not given back.
    pub fn left(&self) -> i64 {
        (self.amount - self.refunded).max(0)
    }

    /// When what was paid for begins.
    fn begins(&self) -> Time {
        self.period_start.unwrap_or(self.occurred_at)
    }
}

/// What one rule gives on an occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarnedRule {
    pub rule: RuleId,
    pub version: i64,
    pub terms: RuleTerms,
    pub amount: i64,
    pub currency: Option<Currency>,
}

/// What an occasion earns: a reward, or the choice between several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earned {
    pub granted_by: GrantedBy,
    pub recipient: Recipient,
    pub user: UserId,
    pub occasion: Occasion,
    pub payment: Option<PaymentId>,
    pub happened_at: Time,
    /// One, or the rules of a group.
    pub rules: Vec<EarnedRule>,
}

/// What a sign-up earns that is told of at `recorded_at`.
pub fn by_sign_up(rules: &[RuleVersion], referral: &ReferralFacts, recorded_at: Time) -> Vec<Earned> {
    let at = referral.corrected_at.map_or(recorded_at, |corrected| corrected.max(recorded_at));
    let found = rules.iter().filter(|rule| {
        rule.terms.trigger == Trigger::Signup && rule.was_current_at(at) && rule.terms.runs_at(referral.signed_up_at)
    });
    let met = found.filter(|rule| referral.email_verified || !rule.terms.conditions.verified_email);
    let earned = met.filter_map(|rule| {
        let amount = rule.terms.amount?;
        Some((rule, amount, rule.terms.reward_currency(None)))
    });
    let occasion = Occasion::Signup(referral.referee);
    grouped(earned, referral, occasion, None, referral.signed_up_at)
}

/// What a referrer earns who has just reached a milestone: so many friends, `count` also where it is their goal.
/// `referral` is the one that reached it, at `happened_at`.
pub fn by_milestone(
    rules: &[RuleVersion],
    referral: &ReferralFacts,
    milestone: Milestone,
    count: i64,
    happened_at: Time,
    now: Time,
) -> Vec<Earned> {
    let found = rules.iter().filter(|rule| {
        rule.terms.trigger == Trigger::Milestone
            && rule.terms.conditions.milestone == Some(milestone)
            && rule.was_current_at(now)
            && rule.terms.runs_at(happened_at)
    });
    let earned = found.filter_map(|rule| Some((rule, rule.terms.amount?, rule.terms.reward_currency(None))));
    grouped(earned, referral, Occasion::Milestone(count), None, happened_at)
}

/// What the payments of a referee earn, in the order in which they were told of.
pub fn by_payments(rules: &[RuleVersion], referral: &ReferralFacts, payments: &[PaidFacts]) -> Vec<Earned> {
    let mut earned: Vec<Earned> = vec![];
    let mut first: BTreeMap<(GrantedBy, UserId), Vec<(Earned, bool)>> = BTreeMap::new();
    for payment in payments.iter().filter(|payment| payment.counts && payment.earns) {
        let at = referral.corrected_at.map_or(payment.recorded_at, |corrected| corrected.max(payment.recorded_at));
        let of = |trigger| {
            let found = rules.iter().filter(move |rule| {
                rule.terms.trigger == trigger && rule.was_current_at(at) && rule.terms.runs_at(payment.occurred_at)
            });
            let met = found.filter(|rule| meets(&rule.terms, referral, payment, payments));
            met.filter_map(|rule| {
                let amount = full_amount(&rule.terms, payment);
                (amount > 0).then(|| (rule, amount, rule.terms.reward_currency(payment.currency)))
            })
        };
        let once = Occasion::Payment(payment.id);
        earned.extend(grouped(of(Trigger::EveryConversion), referral, once, Some(payment.id), payment.occurred_at));
        let one = Occasion::First(referral.referee);
        for found in grouped(of(Trigger::FirstConversion), referral, one, Some(payment.id), payment.occurred_at) {
            let key = (found.granted_by.clone(), found.user);
            first.entry(key).or_default().push((found, payment.left() > 0));
        }
    }
    // The first that counts; if all were given back, the first of all.
    for mut found in first.into_values() {
        let place = found.iter().position(|(_, left)| *left).unwrap_or_default();
        earned.push(found.swap_remove(place).0);
    }
    earned
}

/// The whole reward for a payment of which nothing was given back.
pub fn full_amount(terms: &RuleTerms, payment: &PaidFacts) -> i64 {
    match (terms.amount, terms.basis_points) {
        (Some(amount), _) => amount,
        (None, Some(basis_points)) => ratio(payment.net_amount, basis_points, 10_000),
        (None, None) => 0,
    }
}

/// Whether a payment meets the conditions of a rule. They look at what was paid, whatever was given back.
pub fn meets(terms: &RuleTerms, referral: &ReferralFacts, payment: &PaidFacts, payments: &[PaidFacts]) -> bool {
    let Conditions { min_amount, min_total, months, product, verified_email, milestone: _ } = &terms.conditions;
    let own_currency = terms.money_currency();
    let needs_currency =
        min_amount.is_some() || min_total.is_some() || (terms.basis_points.is_some() && terms.caps.budget.is_some());
    let currency_fits = !needs_currency || (own_currency.is_some() && payment.currency == own_currency);
    let total = || total(payment, payments, |payment| payment.amount);
    currency_fits
        && min_amount.is_none_or(|least| payment.amount >= least)
        && min_total.is_none_or(|least| total() >= least)
        && months.is_none_or(|months| within_months(payment, payments, months))
        && product.as_ref().is_none_or(|product| payment.product.as_ref() == Some(product))
        && (referral.email_verified || !verified_email)
}

/// What was paid in the same currency up to and with a payment, in the order in which payments were told of.
pub fn total(payment: &PaidFacts, payments: &[PaidFacts], of: impl Fn(&PaidFacts) -> i64) -> i64 {
    let before = payments.iter().filter(|other| other.counts && other.id <= payment.id);
    before.filter(|other| other.currency == payment.currency).fold(0, |sum, other| sum.saturating_add(of(other)))
}

fn within_months(payment: &PaidFacts, payments: &[PaidFacts], months: i64) -> bool {
    let counting = || payments.iter().filter(|payment| payment.counts);
    let standing = counting().filter(|payment| payment.left() > 0).map(PaidFacts::begins).min();
    let first = standing.or_else(|| counting().map(PaidFacts::begins).min());
    first.is_none_or(|first| payment.begins() < month_later(first, months))
}

impl RuleTerms {
    /// The currency of a reward: the rule's for an amount, the payment's for a percentage.
    pub fn reward_currency(&self, paid: Option<Currency>) -> Option<Currency> {
        if !crate::domain::rewards::kind::is_money(&self.kind) {
            return None;
        }
        if self.amount.is_some() { self.money_currency() } else { paid }
    }
}

fn grouped<'a>(
    found: impl Iterator<Item = (&'a RuleVersion, i64, Option<Currency>)>,
    referral: &ReferralFacts,
    occasion: Occasion,
    payment: Option<PaymentId>,
    happened_at: Time,
) -> Vec<Earned> {
    let mut earned: Vec<Earned> = vec![];
    for (version, amount, currency) in found {
        let recipient = version.terms.recipient;
        let user = match recipient {
            Recipient::Referrer => referral.referrer,
            Recipient::Referee => Some(referral.referee),
        };
        let Some(user) = user else { continue };
        let granted_by = GrantedBy::of(version);
        let rule =
            EarnedRule { rule: version.rule, version: version.version, terms: version.terms.clone(), amount, currency };
        match earned.iter_mut().find(|known| known.granted_by == granted_by && known.user == user) {
            Some(known) => known.rules.push(rule),
            None => {
                earned.push(Earned { granted_by, recipient, user, occasion, payment, happened_at, rules: vec![rule] })
            }
        }
    }
    earned
}
