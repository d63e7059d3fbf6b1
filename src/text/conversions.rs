//! Payments, in words.

use crate::{
    domain::{
        conversions::{
            facts::{Fact, FactKind, FactState, PaymentSource},
            standing::{ParkedReason, PaymentState},
        },
        money::{Currency, Money},
    },
    text::Texts,
};

impl Texts {
    /// How a payment stands, in a word.
    pub(crate) fn payment_state(&self, state: PaymentState) -> String {
        match state {
            PaymentState::Incomplete => self.conversion_incomplete(),
            PaymentState::Parked => self.conversion_parked(),
            PaymentState::Counted => self.conversion_counted(),
            PaymentState::Disputed => self.conversion_disputed(),
            PaymentState::Refunded => self.conversion_refunded(),
            PaymentState::Duplicate => self.conversion_duplicate(),
        }
    }

    /// Why a payment counts nowhere.
    pub(crate) fn parked_reason(&self, reason: ParkedReason) -> String {
        match reason {
            ParkedReason::PaymentMissing => self.conversion_parked_payment_missing(),
            ParkedReason::Unconfirmed => self.conversion_parked_unconfirmed(),
            ParkedReason::UnknownPerson => self.conversion_parked_unknown_person(),
            ParkedReason::NoReferral => self.conversion_parked_no_referral(),
            ParkedReason::BeforeSignUp => self.conversion_parked_before_sign_up(),
            ParkedReason::TooLate => self.conversion_parked_too_late(),
        }
    }

    /// Who told of a payment.
    pub(crate) fn payment_source(&self, source: PaymentSource) -> String {
        match source {
            PaymentSource::Stripe => self.conversion_source_stripe(),
            PaymentSource::Api => self.conversion_source_api(),
            PaymentSource::Hand => self.conversion_source_hand(),
            PaymentSource::Import => self.conversion_source_import(),
        }
    }

    /// What a message told; `currency` is that of its payment, and `again` whether another fact says better what was
    /// paid.
    pub(crate) fn fact(&self, fact: &Fact, currency: Currency, again: bool) -> String {
        let amount = self.money(&Money { amount: fact.amount, currency: fact.currency.unwrap_or(currency) });
        match (fact.kind, fact.state) {
            (FactKind::Paid, _) if again => self.event_paid_again(amount, self.payment_source(fact.source)),
            (FactKind::Paid, _) => self.event_paid(amount, self.payment_source(fact.source)),
            (FactKind::Correction, _) => {
                let reason = fact.paid.as_ref().and_then(|details| details.reason.clone());
                self.event_corrected(amount, reason.unwrap_or_default())
            }
            (FactKind::Refund, Some(FactState::Failed)) => self.event_refund_failed(amount),
            (FactKind::Refund, Some(FactState::Pending)) => self.event_refund_pending(amount),
            (FactKind::Refund, _) => self.event_refund(amount),
            (FactKind::RefundTotal, _) => self.event_refund_total(amount),
            (FactKind::Dispute, Some(FactState::Lost)) => self.event_dispute_lost(amount),
            (FactKind::Dispute, Some(FactState::Won)) => self.event_dispute_won(amount),
            (FactKind::Dispute, _) => self.event_dispute(amount),
            (FactKind::Charge, _) => self.event_charge(),
        }
    }

    /// What came of a provider's message. The name itself where this version does not know it.
    pub(crate) fn message_outcome(&self, outcome: &str) -> String {
        match outcome {
            "recorded" => self.conversion_message_recorded(),
            "merged" => self.conversion_message_merged(),
            "conflict" => self.conversion_message_conflict(),
            unknown => unknown.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{conversions::facts::PaidDetails, time::Time},
        text::{english, spanish},
    };

    #[test]
    fn a_fact_is_said_with_its_amount() {
        let usd = Currency::parse("USD").expect("a currency");
        let fact = |kind, state| Fact { state, ..Fact::new(kind, PaymentSource::Stripe, "x", Time(1)).of(2_000, None) };
        for (kind, state, text) in [
            (FactKind::Paid, None, "Payment of $20.00 · Stripe"),
            (FactKind::Refund, Some(FactState::Succeeded), "Refund of $20.00"),
            (FactKind::Refund, Some(FactState::Pending), "Refund of $20.00, pending"),
            (FactKind::Refund, Some(FactState::Failed), "Refund of $20.00, failed"),
            (FactKind::RefundTotal, None, "Refunds of $20.00 in total"),
            (FactKind::Dispute, Some(FactState::Pending), "Dispute over $20.00"),
            (FactKind::Dispute, Some(FactState::Lost), "Dispute over $20.00, lost"),
            (FactKind::Dispute, Some(FactState::Won), "Dispute over $20.00, closed without loss"),
            (FactKind::Charge, None, "Charge succeeded"),
        ] {
            assert_eq!(english().fact(&fact(kind, state), usd, false), text);
        }
        let reason = PaidDetails { reason: Some("typo".into()), ..PaidDetails::default() };
        let corrected = Fact { paid: Some(reason), ..fact(FactKind::Correction, None) };
        assert_eq!(english().fact(&corrected, usd, false), "Amount corrected to $20.00: typo");
        let again = english().fact(&fact(FactKind::Paid, None), usd, true);
        assert_eq!(again, "Same payment, reported again: $20.00 · Stripe");
        let spanish = spanish().fact(&fact(FactKind::Refund, Some(FactState::Pending)), usd, false);
        assert_eq!(spanish, "Reembolso de 20,00\u{a0}US$, pendiente");
    }
}
