//! Messages of the host product and of Stripe, as they are sent.

use super::Host;
use crate::model::{
    action::{Action, Dispute, Refund, SLOTS, Slot, Who},
    payment::Name,
    program::Program,
};
use passalong::domain::time::HOUR;
use serde_json::{Value, json};

impl Host<'_> {
    /// A payment as the host product tells of it.
    pub(super) fn payment(&self, action: &Action, program: &Program) -> Value {
        match *action {
            Action::Tell { slot, who, other_amount, net, hours_ago, invoice, intent } => {
                let Slot { friend, currency, amount, net: without_tax, .. } = SLOTS[slot];
                let names = [invoice.then_some(Name::Invoice(slot)), intent.then_some(Name::Intent(slot))];
                let names: Vec<String> = names.into_iter().flatten().map(|name| name.text(&self.sequence)).collect();
                let mut body = json!({
                    "source_id": Name::Order(slot).text(&self.sequence),
                    "amount": amount + if other_amount { 100 } else { 0 },
                    "currency": currency,
                    "net_amount": net.then_some(without_tax),
                    "occurred_at": self.now().plus(-hours_ago * HOUR).rfc_3339(),
                    "provider_refs": names,
                });
                match who {
                    Who::Person => body["user_id"] = json!(self.people[program.person(friend).expect("a person")]),
                    Who::External | Who::CustomerAndExternal => body["external_id"] = json!(self.external_id(friend)),
                    _ => body["email"] = json!(self.email(friend)),
                }
                body
            }
            Action::TellTwo { slot, other } => {
                let Slot { friend, currency, amount, .. } = SLOTS[slot];
                json!({
                    "source_id": Name::Order(slot).text(&self.sequence),
                    "external_id": self.external_id(friend),
                    "amount": amount,
                    "currency": currency,
                    "provider_refs": [Name::Intent(other).text(&self.sequence), Name::Invoice(other).text(&self.sequence)],
                })
            }
            _ => unreachable!("{action:?}"),
        }
    }

    /// What an event of Stripe's is about, and its kind.
    pub(super) fn object(&self, action: &Action, program: &Program) -> (&'static str, Value) {
        let name = |name: Name| json!(name.text(&self.sequence));
        let object = |slot: usize| json!({"currency": SLOTS[slot].currency.to_lowercase()});
        let units = |slot: usize, amount: i64| json!(amount * SLOTS[slot].stripe_units);
        match *action {
            Action::Invoice { slot, who, before_2025, by_hand } => {
                let Slot { amount, net, .. } = SLOTS[slot];
                let mut it = self.with_payer(object(slot), slot, who, program);
                (it["id"], it["object"]) = (name(Name::Invoice(slot)), json!("invoice"));
                (it["amount_paid"], it["total"]) = (units(slot, amount), units(slot, amount));
                it["total_excluding_tax"] = units(slot, net);
                it["billing_reason"] = json!(if by_hand { "manual" } else { "subscription_create" });
                it["attempt_count"] = json!(if by_hand { 0 } else { 1 });
                if before_2025 {
                    (it["payment_intent"], it["charge"]) = (name(Name::Intent(slot)), name(Name::Charge(slot)));
                }
                ("invoice.paid", it)
            }
            Action::Checkout { slot, who, with_invoice, paid } => {
                let Slot { amount, net, .. } = SLOTS[slot];
                let mut it = self.with_payer(object(slot), slot, who, program);
                (it["id"], it["object"]) = (name(Name::Session(slot)), json!("checkout.session"));
                it["mode"] = json!(if with_invoice { "subscription" } else { "payment" });
                it["payment_status"] = json!(if paid { "paid" } else { "unpaid" });
                it["amount_total"] = units(slot, amount);
                it["total_details"] = json!({"amount_tax": units(slot, amount - net)});
                match with_invoice {
                    true => it["invoice"] = name(Name::Invoice(slot)),
                    false => it["payment_intent"] = name(Name::Intent(slot)),
                }
                ("checkout.session.completed", it)
            }
            Action::Charge { slot, who, before_2025 } => {
                let mut it = self.with_payer(object(slot), slot, who, program);
                (it["id"], it["object"]) = (name(Name::Charge(slot)), json!("charge"));
                (it["payment_intent"], it["amount"]) = (name(Name::Intent(slot)), units(slot, SLOTS[slot].amount));
                if before_2025 {
                    it["invoice"] = name(Name::Invoice(slot));
                }
                ("charge.succeeded", it)
            }
            Action::Join { slot, other } => {
                let payment = json!({"type": "payment_intent", "payment_intent": name(Name::Intent(other))});
                let it = json!({"id": self.named("inpay"), "object": "invoice_payment", "invoice": name(Name::Invoice(slot)), "payment": payment});
                ("invoice_payment.paid", it)
            }
            Action::RefundTotal { slot, part } => {
                let mut it = object(slot);
                (it["id"], it["object"]) = (name(Name::Charge(slot)), json!("charge"));
                it["payment_intent"] = name(Name::Intent(slot));
                it["amount_refunded"] = units(slot, part.of(SLOTS[slot].amount));
                ("charge.refunded", it)
            }
            Action::Refund { slot, n, part, state } => {
                let (kind, status) = match state {
                    Refund::Pending => ("refund.created", "pending"),
                    Refund::Succeeded => ("refund.updated", "succeeded"),
                    Refund::Failed => ("refund.failed", "failed"),
                    Refund::Canceled => ("charge.refund.updated", "canceled"),
                };
                (kind, self.of_charge("refund", slot, n, units(slot, part.of(SLOTS[slot].amount)), status))
            }
            Action::Dispute { slot, n, part, state } => {
                let (kind, status) = match state {
                    Dispute::Open => ("charge.dispute.created", "needs_response"),
                    Dispute::Won => ("charge.dispute.closed", "won"),
                    Dispute::Lost => ("charge.dispute.closed", "lost"),
                    Dispute::Strange => ("charge.dispute.updated", "a_state_to_come"),
                };
                (kind, self.of_charge("dispute", slot, n, units(slot, part.of(SLOTS[slot].amount)), status))
            }
            _ => unreachable!("{action:?}"),
        }
    }

    /// A refund or dispute of a charge.
    fn of_charge(&self, object: &str, slot: usize, n: usize, amount: Value, status: &str) -> Value {
        json!({
            "id": self.named(&format!("{object}-{slot}-{n}")),
            "object": object,
            "charge": Name::Charge(slot).text(&self.sequence),
            "payment_intent": Name::Intent(slot).text(&self.sequence),
            "amount": amount,
            "currency": SLOTS[slot].currency.to_lowercase(),
            "status": status,
        })
    }

    fn with_payer(&self, mut object: Value, slot: usize, who: Who, program: &Program) -> Value {
        let friend = SLOTS[slot].friend;
        if matches!(who, Who::Customer | Who::CustomerAndExternal | Who::CustomerAndEmail) {
            object["customer"] = json!(self.named(&format!("cus-{friend}")));
        }
        match who {
            Who::Person => {
                let id = self.people[program.person(friend).expect("a person")];
                object["metadata"] = json!({"passalong_user": id.to_string()});
            }
            Who::External => object["client_reference_id"] = json!(self.external_id(friend)),
            Who::CustomerAndExternal => object["metadata"] = json!({"passalong_user": self.external_id(friend)}),
            Who::Email | Who::CustomerAndEmail => object["customer_email"] = json!(self.email(friend).to_uppercase()),
            Who::Nobody | Who::Customer => {}
        }
        object
    }
}
