//! Stripe's events, in words of our own. Before API version 2025-03-31 an invoice names its charge and payment intent,
//! and a charge its invoice; from that version on only `invoice_payment.paid` joins them. Both forms are read alike.

use crate::domain::{
    accounts::email::Email,
    conversions::{
        clues::{Clue, ClueKind},
        facts::{Fact, FactKind, FactState, PaidDetails, PaymentSource},
        message::PaymentMessage,
        references::Reference,
    },
    money::{Currency, ratio},
    time::{SECOND, Time},
};
use serde_json::Value;

/// The metadata by which a host product says who pays.
const USER_METADATA: &str = "passalong_user";

/// An event as Stripe sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripeEvent {
    pub id: String,
    /// As `invoice.paid`.
    pub kind: String,
    /// When it happened, by Stripe.
    pub created: Time,
    /// Nothing for kinds that say nothing of payments.
    pub message: Option<PaymentMessage>,
}

/// Why an event cannot be taken, however often it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEvent {
    /// No JSON, or none of an event.
    Malformed,
    /// An event without its object: the endpoint was set up for thin events.
    Thin,
}

/// Reads the body of a message by Stripe.
pub fn read_event(body: &[u8]) -> Result<StripeEvent, NoEvent> {
    let event: Value = serde_json::from_slice(body).map_err(|_| NoEvent::Malformed)?;
    if event["object"].as_str().is_some_and(|object| object.starts_with("v2.")) {
        return Err(NoEvent::Thin);
    }
    let (Some(id), Some(kind), true) = (event["id"].as_str(), event["type"].as_str(), event["object"] == "event")
    else {
        return Err(NoEvent::Malformed);
    };
    let created = seconds(&event["created"]).unwrap_or_default();
    let object = Object { value: &event["data"]["object"], created };
    let message = object
        .message(kind)
        .map(|message| PaymentMessage { livemode: event["livemode"].as_bool().unwrap_or(true), ..message });
    Ok(StripeEvent { id: id.to_owned(), kind: kind.to_owned(), created, message })
}

/// What an event is about.
struct Object<'a> {
    value: &'a Value,
    created: Time,
}

impl Object<'_> {
    fn message(&self, kind: &str) -> Option<PaymentMessage> {
        let facts = match kind {
            "checkout.session.completed" | "checkout.session.async_payment_succeeded" => self.session()?,
            "invoice.paid" | "invoice.payment_succeeded" => self.invoice()?,
            "invoice_payment.paid" => self.invoice_payment()?,
            "charge.succeeded" | "payment_intent.succeeded" => vec![self.charge()?],
            "charge.refunded" => vec![self.charge()?, self.refund_total()?],
            "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => vec![self.refund()?],
            "charge.dispute.created" | "charge.dispute.updated" | "charge.dispute.closed" => vec![self.dispute()?],
            _ => return None,
        };
        let references = self.references();
        (!references.is_empty()).then(|| PaymentMessage {
            references,
            clues: self.clues(),
            facts,
            livemode: true,
            earns: true,
        })
    }

    fn text(&self, field: &str) -> Option<&str> {
        id_of(&self.value[field])
    }

    fn id(&self) -> Option<&str> {
        self.text("id")
    }

    fn number(&self, field: &str) -> i64 {
        self.value[field].as_i64().unwrap_or_default()
    }

    fn currency(&self) -> Option<Currency> {
        self.value["currency"].as_str().and_then(Currency::parse)
    }

    /// An amount of the object in the smallest units of its currency.
    fn amount(&self, field: &str) -> i64 {
        let amount = self.number(field).max(0);
        self.currency().map_or(amount, |currency| currency.amount_of_stripe(amount))
    }

    fn fact(&self, kind: FactKind, at: Time) -> Option<Fact> {
        Some(Fact::new(kind, PaymentSource::Stripe, self.id()?, at))
    }

    /// A checkout is money when it is paid and has no invoice, which tells more.
    fn session(&self) -> Option<Vec<Fact>> {
        let money = self.text("mode") == Some("payment")
            && self.text("invoice").is_none()
            && self.text("payment_status") == Some("paid");
        let currency = self.currency();
        let (Some(currency), true) = (currency, money) else { return Some(vec![]) };
        let amount = self.amount("amount_total");
        if amount == 0 {
            return Some(vec![]);
        }
        let tax = self.value["total_details"]["amount_tax"].as_i64().unwrap_or_default();
        let paid = PaidDetails {
            net: Some((amount - currency.amount_of_stripe(tax)).clamp(0, amount)),
            ..PaidDetails::default()
        };
        let fact = self.fact(FactKind::Paid, self.created)?.of(amount, Some(currency));
        Some(vec![Fact { paid: Some(paid), ..fact }])
    }

    /// An invoice is money when something was paid. Trials are not.
    fn invoice(&self) -> Option<Vec<Fact>> {
        let amount = self.amount("amount_paid");
        if amount == 0 {
            return Some(vec![]);
        }
        let total = self.number("total");
        let net = match self.value["total_excluding_tax"].as_i64() {
            Some(without_tax) if total != 0 => ratio(amount, without_tax, total),
            Some(_) => amount,
            None if total != 0 => ratio(amount, total - self.number("tax"), total),
            None => amount,
        };
        let line = self.line();
        let paid = PaidDetails {
            net: Some(net.clamp(0, amount)),
            unconfirmed: self.text("billing_reason") == Some("manual") && self.number("attempt_count") == 0,
            product: line.and_then(product),
            period_start: line
                .and_then(|line| seconds(&line["period"]["start"]))
                .or(seconds(&self.value["period_start"])),
            reason: None,
        };
        let at = seconds(&self.value["status_transitions"]["paid_at"]).unwrap_or(self.created);
        let fact = self.fact(FactKind::Paid, at)?.of(amount, self.currency());
        Some(vec![Fact { paid: Some(paid), ..fact }])
    }

    /// The line of an invoice that is for a subscription, else the first one.
    fn line(&self) -> Option<&Value> {
        let lines = self.value["lines"]["data"].as_array()?;
        let subscription =
            |line: &&Value| line["type"] == "subscription" || line["parent"]["type"] == "subscription_item_details";
        lines.iter().find(subscription).or(lines.first())
    }

    /// A payment of an invoice is a charge when Stripe moved the money, and not when somebody noted that they got it.
    fn invoice_payment(&self) -> Option<Vec<Fact>> {
        let payment = &self.value["payment"];
        let by_stripe = id_of(&payment["payment_intent"]).or(id_of(&payment["charge"])).is_some();
        if by_stripe { Some(vec![self.charge()?]) } else { Some(vec![]) }
    }

    fn charge(&self) -> Option<Fact> {
        self.fact(FactKind::Charge, self.created)
    }

    fn refund_total(&self) -> Option<Fact> {
        Some(self.fact(FactKind::RefundTotal, self.created)?.of(self.amount("amount_refunded"), self.currency()))
    }

    /// A refund. One in a state that nobody knows counts like one on its way.
    fn refund(&self) -> Option<Fact> {
        let state = match self.text("status") {
            Some("succeeded") => FactState::Succeeded,
            Some("failed" | "canceled") => FactState::Failed,
            _ => FactState::Pending,
        };
        let fact = self.fact(FactKind::Refund, self.created)?.of(self.amount("amount"), self.currency());
        Some(Fact { state: Some(state), ..fact })
    }

    /// A dispute. A state that nobody knows changes nothing.
    fn dispute(&self) -> Option<Fact> {
        let state = match self.text("status") {
            Some("lost") => Some(FactState::Lost),
            Some("won" | "warning_closed" | "prevented") => Some(FactState::Won),
            Some("needs_response" | "under_review" | "warning_needs_response" | "warning_under_review") => {
                Some(FactState::Pending)
            }
            _ => None,
        };
        let fact = self.fact(FactKind::Dispute, self.created)?.of(self.amount("amount"), self.currency());
        Some(Fact { state, ..fact })
    }

    /// All names of the payment: those of the object itself and those that it carries.
    fn references(&self) -> Vec<Reference> {
        let value = self.value;
        let own = match value["object"].as_str() {
            // These are no names of a payment.
            Some("refund" | "dispute" | "invoice_payment") => None,
            _ => self.id(),
        };
        let mut ids = vec![own];
        ids.extend(["invoice", "payment_intent", "charge", "latest_charge"].map(|field| self.text(field)));
        ids.extend(["payment_intent", "charge"].map(|field| id_of(&value["payment"][field])));
        for payment in value["payments"]["data"].as_array().into_iter().flatten() {
            ids.extend(["payment_intent", "charge"].map(|field| id_of(&payment["payment"][field])));
        }
        let mut references: Vec<_> = ids.into_iter().flatten().map(Reference::stripe).collect();
        references.sort();
        references.dedup();
        references
    }

    /// Who has paid, in every way that the object names them.
    fn clues(&self) -> Vec<Clue> {
        let value = self.value;
        let metadata = [
            &value["metadata"],
            &value["subscription_details"]["metadata"],
            &value["parent"]["subscription_details"]["metadata"],
        ];
        let user = metadata.into_iter().find_map(|metadata| metadata[USER_METADATA].as_str());
        let emails = [
            &value["customer_details"]["email"],
            &value["customer_email"],
            &value["billing_details"]["email"],
            &value["receipt_email"],
        ];
        let email = emails.into_iter().find_map(|email| Email::parse(email.as_str()?).ok());
        let clue = |kind, value: Option<&str>| {
            let value = value.map(str::trim).filter(|value| !value.is_empty() && value.len() <= 255)?;
            Some(Clue { kind, value: value.to_owned() })
        };
        let clues = [
            clue(ClueKind::Metadata, user),
            clue(ClueKind::ClientReference, value["client_reference_id"].as_str()),
            clue(ClueKind::Customer, self.text("customer")),
            clue(ClueKind::Customer, self.text("customer_account")),
            clue(ClueKind::Email, email.as_ref().map(Email::as_str)),
        ];
        clues.into_iter().flatten().collect()
    }
}

/// The product of a line, by its id.
fn product(line: &Value) -> Option<String> {
    let candidates =
        [&line["pricing"]["price_details"]["product"], &line["price"]["product"], &line["plan"]["product"]];
    candidates.into_iter().find_map(id_of).map(str::to_owned)
}

/// A text, or the id of an object that stands in its place.
fn id_of(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value["id"].as_str()).filter(|id| !id.is_empty() && id.len() <= 255)
}

fn seconds(value: &Value) -> Option<Time> {
    let at = Time(value.as_i64()?.checked_mul(SECOND)?);
    (Time(0)..=Time::MAX).contains(&at).then_some(at)
}
