//! What the host product and Stripe tell of payments, and what they are answered.

use super::Program;
use crate::model::{
    action::{Action, SLOTS, Slot, Who},
    payment::{Brought, Clue, Name, Paid, Payment},
};

/// What a message says of a payment, besides the money.
pub struct Message {
    pub names: Vec<Name>,
    pub clues: Vec<Clue>,
}

impl Program {
    fn clues(&self, friend: usize, who: Who) -> Option<Vec<Clue>> {
        Some(match who {
            Who::Nobody => vec![],
            Who::Person => vec![Clue::Person(self.friends[friend].person?)],
            Who::External => vec![Clue::External(friend)],
            Who::Email => vec![Clue::Email(friend)],
            Who::Customer => vec![Clue::Customer(friend)],
            Who::CustomerAndExternal => vec![Clue::Customer(friend), Clue::External(friend)],
            Who::CustomerAndEmail => vec![Clue::Customer(friend), Clue::Email(friend)],
        })
    }

    /// The host product tells of a payment: not with another amount than is known, nor of another person.
    pub(super) fn tell(&mut self, action: &Action) -> Option<u16> {
        let (slot, clues, names, mut paid) = match *action {
            Action::Tell { slot, who, other_amount, net, hours_ago, invoice, intent } => {
                let who = match who {
                    Who::Nobody | Who::Customer | Who::CustomerAndEmail => Who::Email,
                    Who::CustomerAndExternal => Who::External,
                    who => who,
                };
                let clues = self.clues(SLOTS[slot].friend, who)?;
                let Slot { amount, net: without_tax, currency, .. } = SLOTS[slot];
                let paid = Paid {
                    amount: amount + if other_amount { 100 } else { 0 },
                    net: net.then_some(without_tax),
                    currency,
                    at: self.now - hours_ago,
                    by_hand: false,
                };
                let names = [
                    Some(Name::Order(slot)),
                    invoice.then_some(Name::Invoice(slot)),
                    intent.then_some(Name::Intent(slot)),
                ];
                (slot, clues, names.into_iter().flatten().collect(), paid)
            }
            Action::TellTwo { slot, other } => {
                let Slot { friend, amount, currency, .. } = SLOTS[slot];
                let paid = Paid { amount, net: None, currency, at: self.now, by_hand: false };
                (
                    slot,
                    vec![Clue::External(friend)],
                    vec![Name::Order(slot), Name::Intent(other), Name::Invoice(other)],
                    paid,
                )
            }
            _ => return None,
        };
        let message = Message { names, clues };
        let found = self.known(&message.names);
        if !self.may_be_one(&message.names, &found) {
            return None;
        }
        let known = || found.iter().map(|index| &self.payments[*index]);
        let is_new = known().all(|payment| payment.paid().is_none());
        let named = known().find_map(|payment| payment.told_as(slot));
        let amounts: Vec<Paid> = named.map_or_else(|| known().filter_map(Payment::paid).collect(), |named| vec![named]);
        if amounts.iter().any(|known| (known.amount, known.currency) != (paid.amount, paid.currency)) {
            return Some(409);
        }
        let named = message.clues.iter().filter(|clue| clue.is_explicit()).find_map(|clue| self.whom(*clue));
        let payers = known().filter_map(|payment| payment.payer).filter(|payer| payer.explicit);
        if named.is_some_and(|person| payers.into_iter().any(|payer| payer.person != person)) {
            return Some(409);
        }
        paid.at = paid.at.min(self.now);
        let Some(payment) = self.note(message) else { return Some(409) };
        payment.add_host_money(slot, paid);
        Some(if is_new { 201 } else { 200 })
    }

    /// Stripe tells something: it is always taken.
    pub(super) fn hear(&mut self, action: &Action) -> Option<u16> {
        let message = self.heard(action)?;
        let found = self.known(&message.names);
        if !self.may_be_one(&message.names, &found) {
            return None;
        }
        self.any_event = true;
        let now = self.now;
        // Payments by two people are never one: then nothing of it is believed.
        let Some(payment) = self.note(message) else { return Some(200) };
        match *action {
            Action::Invoice { slot, by_hand, .. } => {
                let Slot { amount, net, currency, .. } = SLOTS[slot];
                payment
                    .add_stripe_money(Name::Invoice(slot), Paid { amount, net: Some(net), currency, at: now, by_hand });
            }
            Action::Checkout { slot, with_invoice: false, paid: true, .. } => {
                let Slot { amount, net, currency, .. } = SLOTS[slot];
                let paid = Paid { amount, net: Some(net), currency, at: now, by_hand: false };
                payment.add_stripe_money(Name::Session(slot), paid);
            }
            Action::Charge { .. } | Action::Join { .. } => payment.charged = true,
            Action::Refund { slot, n, part, state } => {
                payment.add_refund((slot, n), part.of(SLOTS[slot].amount), state);
            }
            Action::RefundTotal { slot, part } => {
                payment.charged = true;
                payment.add_refund_total(Name::Charge(slot), part.of(SLOTS[slot].amount));
            }
            Action::Dispute { slot, n, part, state } => {
                payment.add_dispute((slot, n), part.of(SLOTS[slot].amount), state)
            }
            _ => {}
        }
        Some(200)
    }

    fn heard(&self, action: &Action) -> Option<Message> {
        let (slot, who, names) = match *action {
            Action::Invoice { slot, who, before_2025: true, .. } => {
                (slot, who, vec![Name::Invoice(slot), Name::Intent(slot), Name::Charge(slot)])
            }
            Action::Invoice { slot, who, .. } => (slot, who, vec![Name::Invoice(slot)]),
            Action::Checkout { slot, who, with_invoice, .. } => {
                let more = if with_invoice { Name::Invoice(slot) } else { Name::Intent(slot) };
                (slot, who, vec![Name::Session(slot), more])
            }
            Action::Charge { slot, who, before_2025 } => {
                let mut names = vec![Name::Charge(slot), Name::Intent(slot)];
                names.extend(before_2025.then_some(Name::Invoice(slot)));
                (slot, who, names)
            }
            Action::Join { slot, other } => (slot, Who::Nobody, vec![Name::Invoice(slot), Name::Intent(other)]),
            Action::Refund { slot, .. } | Action::RefundTotal { slot, .. } | Action::Dispute { slot, .. } => {
                (slot, Who::Nobody, vec![Name::Charge(slot), Name::Intent(slot)])
            }
            _ => return None,
        };
        Some(Message { names, clues: self.clues(SLOTS[slot].friend, who)? })
    }

    /// A refund that the host product tells of: no more than is left.
    pub(super) fn tell_refund(&mut self, key: (usize, usize), amount: i64) -> Option<u16> {
        let payment = self.refundable(key.0)?;
        let paid = self.payments[payment].standing(Brought::Unknown, self.now)?;
        let left = paid.amount - self.payments[payment].host_refunds.values().sum::<i64>();
        let known = self.payments[payment].host_refunds.get(&key).copied();
        match known {
            Some(known) => return Some(if known == amount { 200 } else { 409 }),
            None if amount > left => return Some(409),
            None => {}
        }
        self.payments[payment].host_refunds.insert(key, amount);
        Some(201)
    }
}
