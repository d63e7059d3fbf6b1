//! How a payment stands, by its facts and whose it is.

use crate::domain::{
    conversions::{
        facts::{Fact, FactKind, FactState, PaidDetails, PaymentSource},
        references::Provider,
    },
    money::{Currency, ratio},
    time::{DAY, Time},
};
use serde::{Deserialize, Serialize};

/// How long before the sign-up somebody may have paid and still be brought by a referral, in milliseconds. Whoever paid
/// earlier was a customer already.
pub const PAID_BEFORE_SIGN_UP: i64 = DAY;

/// For how long a payment waits for what is missing, in milliseconds.
pub const PARKED_FOR: i64 = 90 * DAY;

/// How a payment stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Nobody has said yet that money was paid, or that any was given back.
    Incomplete,
    /// It counts nowhere yet.
    #[default]
    Parked,
    /// It is a conversion.
    Counted,
    /// It is a conversion that the payer disputes.
    Disputed,
    /// All of it was given back.
    Refunded,
    /// It turned out to be the same as another one.
    Duplicate,
}

impl PaymentState {
    /// Every state that a list can be asked for.
    pub const ALL: [Self; 5] = [Self::Counted, Self::Refunded, Self::Disputed, Self::Duplicate, Self::Parked];

    /// The name kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::Parked => "parked",
            Self::Counted => "counted",
            Self::Disputed => "disputed",
            Self::Refunded => "refunded",
            Self::Duplicate => "duplicate",
        }
    }

    /// Whether it converts a referral.
    pub fn converts(self) -> bool {
        matches!(self, Self::Counted | Self::Disputed)
    }
}

/// Why a payment counts nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum ParkedReason {
    /// A refund or dispute came before the payment that it is about.
    PaymentMissing,
    /// An invoice that was marked as paid by hand, and no charge is known.
    Unconfirmed,
    /// Nobody is known who is named as the payer.
    UnknownPerson,
    /// Nobody is credited for the payer.
    NoReferral,
    /// It was paid long before the sign-up.
    BeforeSignUp,
    /// What was missing came too late.
    TooLate,
}

/// What is known of the payment besides its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payer {
    /// Whether somebody is known who has paid.
    pub known: bool,
    /// When they signed up, if somebody or a code is credited for them.
    pub signed_up_at: Option<Time>,
}

/// The other things that decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    pub payer: Payer,
    /// Whether revenue is counted with tax.
    pub gross: bool,
    /// Whether it counted before, so that it is never too late.
    pub taken_up: bool,
    pub recorded_at: Time,
    pub now: Time,
}

/// A payment worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: PaymentState,
    pub parked_because: Option<ParkedReason>,
    pub source: Option<PaymentSource>,
    /// What was paid.
    pub amount: i64,
    /// The same without tax.
    pub net_amount: i64,
    pub currency: Option<Currency>,
    /// What was given back of the amount.
    pub refunded: i64,
    pub disputed: bool,
    /// What it adds to the revenue of whoever is credited.
    pub revenue: i64,
    pub occurred_at: Time,
    pub product: Option<String>,
    pub period_start: Option<Time>,
}

/// Works out how a payment stands. The order of the facts does not matter.
pub fn standing(facts: &[Fact], circumstances: &Circumstances) -> Standing {
    let Some(paid) = chosen(facts) else { return without_payment(facts) };
    let correction = (paid.source != PaymentSource::Stripe).then(|| latest_correction(facts)).flatten();
    let amount = correction.unwrap_or(paid).amount;
    let details = paid.paid.clone().unwrap_or_default();
    let net = details.net.map_or(amount, |net| ratio(amount, net, paid.amount));
    let net_amount = if circumstances.gross { amount } else { net.clamp(0, amount) };
    let refunded = refunded(facts, amount, paid.currency);
    let disputed = is_disputed(facts);
    let parked_because = parked_because(facts, paid, &details, circumstances);
    let state = match parked_because {
        Some(_) => PaymentState::Parked,
        None if refunded >= amount => PaymentState::Refunded,
        None if disputed => PaymentState::Disputed,
        None => PaymentState::Counted,
    };
    let revenue = if state.converts() { ratio(net_amount, amount - refunded, amount) } else { 0 };
    Standing {
        state,
        parked_because,
        source: Some(paid.source),
        amount,
        net_amount,
        currency: paid.currency,
        refunded,
        disputed,
        revenue,
        occurred_at: paid.at,
        product: details.product,
        period_start: details.period_start,
    }
}

/// How things stand while nobody has said that money was paid. What was given back or is disputed waits for its
/// payment.
fn without_payment(facts: &[Fact]) -> Standing {
    let (refunded, disputed) = (refunded(facts, i64::MAX, None), is_disputed(facts));
    let waits = refunded > 0 || disputed;
    Standing {
        state: if waits { PaymentState::Parked } else { PaymentState::Incomplete },
        parked_because: waits.then_some(ParkedReason::PaymentMissing),
        source: facts.iter().filter(|_| waits).map(|fact| fact.source).min(),
        amount: 0,
        net_amount: 0,
        currency: facts.iter().filter(|_| waits).filter_map(|fact| fact.currency).min(),
        refunded,
        disputed,
        revenue: 0,
        occurred_at: facts.iter().map(|fact| fact.at).min().unwrap_or_default(),
        product: None,
        period_start: None,
    }
}

/// What says best how much was paid: of several, Stripe's word before the host product's, an invoice before a checkout.
pub fn chosen(facts: &[Fact]) -> Option<&Fact> {
    let paid = facts.iter().filter(|fact| fact.kind == FactKind::Paid && fact.amount > 0);
    paid.min_by_key(|fact| (fact.source, !fact.key.starts_with("in_"), &fact.key))
}

fn latest_correction(facts: &[Fact]) -> Option<&Fact> {
    facts.iter().filter(|fact| fact.kind == FactKind::Correction).max_by_key(|fact| (fact.at, &fact.key))
}

fn parked_because(facts: &[Fact], paid: &Fact, details: &PaidDetails, known: &Circumstances) -> Option<ParkedReason> {
    if details.unconfirmed && !facts.iter().any(|fact| fact.kind == FactKind::Charge) {
        return Some(ParkedReason::Unconfirmed);
    }
    if !known.payer.known {
        return Some(ParkedReason::UnknownPerson);
    }
    let Some(signed_up_at) = known.payer.signed_up_at else { return Some(ParkedReason::NoReferral) };
    if signed_up_at.since(paid.at) > PAID_BEFORE_SIGN_UP {
        return Some(ParkedReason::BeforeSignUp);
    }
    (!known.taken_up && known.now.since(known.recorded_at) > PARKED_FOR).then_some(ParkedReason::TooLate)
}

/// What was given back, at most all that was paid. Each provider tells of all refunds it knows, so the greatest of both
/// counts.
fn refunded(facts: &[Fact], paid: i64, currency: Option<Currency>) -> i64 {
    let by = |provider| refunded_by(facts, provider, paid, currency);
    by(Provider::Stripe).max(by(Provider::Host))
}

/// `min(paid, max(live refunds, greatest totals − failed refunds) + lost disputes)`.
fn refunded_by(facts: &[Fact], provider: Provider, paid: i64, currency: Option<Currency>) -> i64 {
    let (mut live, mut failed, mut total, mut lost) = (0_i64, 0_i64, 0_i64, 0_i64);
    for fact in facts.iter().filter(|fact| fact.source.provider() == provider) {
        match (fact.kind, fact.state) {
            (FactKind::Refund, Some(FactState::Failed)) => failed = failed.saturating_add(fact.amount),
            (FactKind::Refund, _) => live = live.saturating_add(fact.amount),
            (FactKind::RefundTotal, _) => total = total.saturating_add(fact.amount),
            (FactKind::Dispute, Some(FactState::Lost)) => {
                // What was disputed in another currency was the whole payment.
                let same = fact.currency.is_none() || currency.is_none() || fact.currency == currency;
                lost = lost.saturating_add(if same { fact.amount } else { paid });
            }
            _ => {}
        }
    }
    live.max(total.saturating_sub(failed)).max(0).saturating_add(lost).min(paid)
}

fn is_disputed(facts: &[Fact]) -> bool {
    facts.iter().any(|fact| fact.kind == FactKind::Dispute && fact.state == Some(FactState::Pending))
}
