//! Facts about payments, as they are stored: never edited to fit, only joined with what is told later.

use crate::domain::{conversions::references::Provider, money::Currency, time::Time};
use serde::{Deserialize, Serialize};

/// Who told a fact; the most trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum PaymentSource {
    Stripe,
    Api,
    /// An admin.
    Hand,
    /// A file.
    Import,
}

impl PaymentSource {
    /// Whose names it uses.
    pub fn provider(self) -> Provider {
        match self {
            Self::Stripe => Provider::Stripe,
            Self::Api | Self::Hand | Self::Import => Provider::Host,
        }
    }
}

/// How far a refund or dispute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum FactState {
    /// A refund on its way, which counts; a dispute that is open.
    Pending,
    /// A refund that has arrived. It may still fail.
    Succeeded,
    /// A refund that failed or was cancelled: it never happened. Final.
    Failed,
    /// A dispute that the seller has lost: as good as a refund. Final.
    Lost,
    /// A dispute that was won, withdrawn or closed. Final.
    Won,
}

impl FactState {
    fn is_final(self) -> bool {
        matches!(self, Self::Failed | Self::Lost | Self::Won)
    }

    /// What is known after both were told, in this order: a final state stays, an earlier one gives way.
    pub fn then(self, later: Self) -> Self {
        if self.is_final() { self } else { self.max(later) }
    }
}

/// One thing that is known of a payment. Of one kind, provider and key there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub kind: FactKind,
    pub source: PaymentSource,
    /// What it is told of: an invoice or checkout session, a refund, a charge, a dispute; the host's own names.
    pub key: String,
    /// In smallest units; 0 where it says nothing of an amount.
    pub amount: i64,
    pub currency: Option<Currency>,
    pub state: Option<FactState>,
    /// When it happened.
    pub at: Time,
    /// What else is known of money that was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<PaidDetails>,
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Money was paid.
    Paid,
    /// A person corrected what was paid: the latest beats what the host product said.
    Correction,
    /// One refund.
    Refund,
    /// All refunds of a charge together.
    RefundTotal,
    Dispute,
    /// A charge went through: whatever else says that money was paid is true.
    Charge,
}

/// More of money that was paid, or of what a person corrected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidDetails {
    /// Without tax, where that is known.
    pub net: Option<i64>,
    /// Whether it was marked as paid by hand, so that it counts only when a charge is known too.
    #[serde(default)]
    pub unconfirmed: bool,
    /// What was bought, by the provider's id.
    pub product: Option<String>,
    /// When the period begins that was paid for.
    pub period_start: Option<Time>,
    /// Why it was corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Fact {
    /// A fact that says no more than that something was.
    pub fn new(kind: FactKind, source: PaymentSource, key: impl Into<String>, at: Time) -> Self {
        Self { kind, source, key: key.into(), amount: 0, currency: None, state: None, at, paid: None }
    }

    /// The same with an amount.
    pub fn of(self, amount: i64, currency: Option<Currency>) -> Self {
        Self { amount, currency, ..self }
    }

    /// Whether another one is told of the same thing.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.kind, self.source.provider(), &self.key) == (other.kind, other.source.provider(), &other.key)
    }

    /// What is known after both were told, in this order. Amounts only grow: of a total the greatest was told last.
    pub fn then(&self, later: &Self) -> Self {
        let state = match (self.state, later.state) {
            (Some(before), Some(after)) => Some(before.then(after)),
            (before, after) => before.or(after),
        };
        let amount = match self.kind {
            FactKind::Paid | FactKind::Correction => self.amount,
            _ => self.amount.max(later.amount),
        };
        let paid = match (&self.paid, &later.paid) {
            (Some(before), Some(after)) => Some(PaidDetails {
                net: before.net.or(after.net),
                unconfirmed: before.unconfirmed && after.unconfirmed,
                product: before.product.clone().or_else(|| after.product.clone()),
                period_start: before.period_start.or(after.period_start),
                reason: before.reason.clone().or_else(|| after.reason.clone()),
            }),
            (before, after) => before.clone().or_else(|| after.clone()),
        };
        Self {
            amount,
            state,
            paid,
            at: self.at.min(later.at),
            currency: self.currency.or(later.currency),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn final_states_stay_and_others_give_way() {
        use FactState::{Failed, Lost, Pending, Succeeded, Won};
        for (before, after, known) in [
            (Pending, Succeeded, Succeeded),
            (Succeeded, Pending, Succeeded),
            (Succeeded, Failed, Failed),
            (Failed, Succeeded, Failed),
            (Pending, Won, Won),
            (Won, Lost, Won),
            (Lost, Pending, Lost),
        ] {
            assert_eq!(before.then(after), known, "{before:?} then {after:?}");
        }
    }

    #[test]
    fn a_total_is_the_greatest_that_was_told() {
        let total = |amount| Fact::new(FactKind::RefundTotal, PaymentSource::Stripe, "ch_1", Time(5)).of(amount, None);
        assert_eq!(total(300).then(&total(200)).amount, 300);
        assert_eq!(total(300).then(&total(500)).amount, 500);
        assert!(total(1).is_same(&total(2)));
        let hand = Fact { source: PaymentSource::Hand, ..total(1) };
        assert!(!total(1).is_same(&hand) && hand.is_same(&Fact { source: PaymentSource::Api, ..total(2) }));
    }
}
