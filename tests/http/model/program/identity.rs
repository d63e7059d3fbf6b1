//! Which messages speak of the same payment, and who has paid.

use super::{Program, messages::Message};
use crate::model::{
    action::SLOTS,
    payment::{Clue, Name, Payer, Payment},
};
use std::collections::BTreeSet;

impl Program {
    /// The first payment of a slot that money is known of.
    pub fn refundable(&self, slot: usize) -> Option<usize> {
        let names = Name::all_of(slot);
        self.known(&names).into_iter().find(|index| self.payments[*index].paid().is_some())
    }

    /// Payments that are known by any of these names.
    pub(super) fn known(&self, names: &[Name]) -> Vec<usize> {
        let speaks = |payment: &Payment| names.iter().any(|name| payment.names.contains(name));
        (0..self.payments.len()).filter(|index| speaks(&self.payments[*index])).collect()
    }

    /// Whether a message can come. Payments of two friends are only ever joined where it is clear that they are two
    /// people, and payments in two currencies never.
    pub(super) fn may_be_one(&self, names: &[Name], found: &[usize]) -> bool {
        let own = found.iter().flat_map(|index| &self.payments[*index].names);
        let slots: BTreeSet<usize> = names.iter().chain(own).map(|name| name.slot()).collect();
        let friends: BTreeSet<usize> = slots.iter().map(|slot| SLOTS[*slot].friend).collect();
        let currencies: BTreeSet<&str> = slots.iter().map(|slot| SLOTS[*slot].currency).collect();
        if friends.len() > 1 { found.len() > 1 && self.differ(found) } else { currencies.len() == 1 }
    }

    /// Whether payments are by two people, and both are known equally well: of an explicit word and a weaker one, the
    /// explicit one is right.
    fn differ(&self, found: &[usize]) -> bool {
        let payers: Vec<Payer> = found.iter().filter_map(|index| self.payments[*index].payer).collect();
        let two = |one: &Payer, other: &Payer| one.person != other.person && one.explicit == other.explicit;
        payers.iter().any(|one| payers.iter().any(|other| two(one, other)))
    }

    /// Notes names and clues of a payment, which may show that several are one: the oldest of which money is known
    /// stays. Nothing where they are by different people.
    pub(super) fn note(&mut self, message: Message) -> Option<&mut Payment> {
        let found = self.known(&message.names);
        if self.differ(&found) {
            return None;
        }
        let with_money = found.iter().copied().find(|index| self.payments[*index].paid().is_some());
        let kept = with_money.or(found.first().copied()).unwrap_or_else(|| {
            self.payments.push(Payment::told_at(self.now));
            self.payments.len() - 1
        });
        for other in found.into_iter().filter(|index| *index != kept) {
            let mut twin = std::mem::take(&mut self.payments[other]);
            self.payments[kept].take_over(&mut twin);
            twin.duplicate_of = Some(kept);
            self.payments[other] = twin;
            self.merge_rewards(other, kept);
        }
        let payment = &mut self.payments[kept];
        payment.names.extend(message.names);
        payment.clues.extend(message.clues);
        Some(payment)
    }

    /// Whom a clue names, if they are known.
    pub(super) fn whom(&self, clue: Clue) -> Option<usize> {
        match clue {
            Clue::Person(person) => (!self.people[person].erased).then_some(person),
            Clue::External(friend) => self.friends[friend].person.filter(|person| self.people[*person].external),
            Clue::Email(friend) => self.friends[friend].person,
            Clue::Customer(friend) => self.customers.get(&friend).copied(),
        }
    }

    /// Finds out who has paid until nothing more is found out: a customer that becomes known names other payments too.
    /// Whoever is erased stays the one who has paid.
    pub(super) fn settle(&mut self) {
        loop {
            let (before, mut after) = (self.customers.clone(), self.customers.clone());
            for index in 0..self.payments.len() {
                let payment = &self.payments[index];
                if !payment.is_live() || payment.payer.is_some_and(|payer| self.people[payer.person].erased) {
                    continue;
                }
                let named = |explicit: bool| {
                    payment.clues.iter().filter(|clue| clue.is_explicit() == explicit).find_map(|clue| self.whom(*clue))
                };
                let explicit = named(true).map(|person| Payer { person, explicit: true });
                let payer =
                    explicit.or(payment.payer).or_else(|| Some(Payer { person: named(false)?, explicit: false }));
                if let Some(payer) = payer {
                    let customers = payment.clues.iter().filter_map(|clue| match clue {
                        Clue::Customer(friend) => Some((*friend, payer.person)),
                        _ => None,
                    });
                    after.extend(customers);
                }
                self.payments[index].payer = payer;
            }
            self.customers = after;
            if self.customers == before {
                break;
            }
        }
        for index in 0..self.payments.len() {
            let counts = self.standing(index).is_some_and(|standing| standing.counts());
            self.payments[index].has_counted |= counts;
        }
    }
}
