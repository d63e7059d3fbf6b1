//! The model: what a program looks like after everything that happened, kept in memory and worked out anew each time. It
//! knows the specification and nothing of the product.

use super::{
    action::{Action, CODES, FRIENDS, SLOTS, Slot, Who},
    payment::{Brought, Clue, Name, Paid, Payer, Payment, Standing},
};
use std::collections::{BTreeMap, BTreeSet};

/// The time at which each sequence begins is hour 0.
#[derive(Clone, Default)]
pub struct Program {
    pub now: i64,
    pub referrers: [Referrer; 2],
    pub codes: [Code; CODES],
    /// In the order in which they signed up.
    pub people: Vec<Person>,
    friends: [Friend; FRIENDS],
    /// In the order in which they were first told.
    pub payments: Vec<Payment>,
    /// Who a friend's customer at Stripe is known to be.
    customers: BTreeMap<usize, usize>,
    any_event: bool,
}

#[derive(Clone, Default)]
pub struct Referrer {
    pub disabled: bool,
    pub erased: bool,
}

#[derive(Clone, Default)]
pub struct Code {
    uses: i64,
    ever_used: bool,
    /// It cannot be used, and its history stays.
    hidden: bool,
    /// It was never used, and nothing is left.
    gone: bool,
}

#[derive(Clone, Copy, Default)]
struct Friend {
    person: Option<usize>,
    /// Whether they have been here and were erased.
    joined_before: bool,
}

#[derive(Clone)]
pub struct Person {
    external: bool,
    /// Whether they work in the same company as the first referrer.
    colleague: bool,
    erased: bool,
    signed_up_at: i64,
    pub referral: Option<Referral>,
}

#[derive(Clone, Copy)]
pub struct Referral {
    pub code: usize,
    pub referrer: Option<usize>,
}

/// What a message says of a payment, besides the money.
struct Message {
    names: Vec<Name>,
    clues: Vec<Clue>,
}

impl Program {
    /// Lets it happen: the status of the answer, or nothing where it cannot happen now.
    pub fn apply(&mut self, action: &Action) -> Option<u16> {
        let status = match *action {
            Action::SignUp { friend, code, external, colleague, days_ago } => {
                self.sign_up(friend, code, external, colleague, days_ago)
            }
            Action::Tell { .. } | Action::TellTwo { .. } => self.tell(action),
            Action::TellRefund { slot, n, part } => self.tell_refund((slot, n), part.of(SLOTS[slot].amount)),
            Action::Invoice { .. }
            | Action::Checkout { .. }
            | Action::Charge { .. }
            | Action::Join { .. }
            | Action::Refund { .. }
            | Action::RefundTotal { .. }
            | Action::Dispute { .. } => self.hear(action),
            Action::Again => self.any_event.then_some(200),
            Action::Correct { friend, code } => self.correct(friend, code),
            Action::Erase { friend } => self.erase(friend),
            Action::EraseReferrer { referrer } => {
                let erased = std::mem::replace(&mut self.referrers[referrer].erased, true);
                (!erased).then_some(204)
            }
            Action::Disable { referrer, disabled } => {
                let known = &mut self.referrers[referrer];
                known.disabled = disabled;
                (!known.erased).then_some(200)
            }
            Action::DeleteCode { code } => Some(self.delete_code(code)),
            Action::Wait { hours } => {
                self.now += hours;
                Some(200)
            }
        };
        self.settle();
        status
    }

    /// The person whom a friend's account belongs to now.
    pub fn person(&self, friend: usize) -> Option<usize> {
        self.friends[friend].person
    }

    fn sign_up(
        &mut self,
        friend: usize,
        code: Option<usize>,
        external: bool,
        colleague: bool,
        days_ago: i64,
    ) -> Option<u16> {
        if self.friends[friend].person.is_some() {
            return None;
        }
        let credited = code.filter(|code| {
            let same_company = colleague && self.referrer_of(*code) == Some(0);
            self.is_usable(*code) && !same_company && !self.friends[friend].joined_before
        });
        let referral = credited.map(|code| self.use_code(code));
        let signed_up_at = self.now - 24 * days_ago;
        self.friends[friend].person = Some(self.people.len());
        self.people.push(Person { external, colleague, erased: false, signed_up_at, referral });
        Some(201)
    }

    fn use_code(&mut self, code: usize) -> Referral {
        self.codes[code].uses += 1;
        self.codes[code].ever_used = true;
        Referral { code, referrer: self.referrer_of(code) }
    }

    fn max_uses(code: usize) -> i64 {
        if code == 2 { 2 } else { i64::MAX }
    }

    /// Who is credited for a code now. A campaign code whose beneficiary is disabled credits nobody.
    fn referrer_of(&self, code: usize) -> Option<usize> {
        match code {
            0 | 1 => (!self.referrers[code].erased).then_some(code),
            2 => (!self.referrers[1].erased && !self.referrers[1].disabled).then_some(1),
            _ => None,
        }
    }

    fn is_usable(&self, code: usize) -> bool {
        let Code { uses, hidden, gone, .. } = self.codes[code];
        let owned = code > 1 || (!self.referrers[code].erased && !self.referrers[code].disabled);
        owned && !hidden && !gone && uses < Self::max_uses(code)
    }

    fn correct(&mut self, friend: usize, code: Option<usize>) -> Option<u16> {
        let person = self.friends[friend].person?;
        let before = self.people[person].referral.map(|referral| referral.code);
        if code.is_some_and(|code| self.codes[code].gone) {
            return Some(422);
        }
        if before == code {
            return Some(200);
        }
        if let Some(code) = code {
            let same_company = self.people[person].colleague && self.referrer_of(code) == Some(0);
            if same_company || self.codes[code].uses >= Self::max_uses(code) {
                return Some(422);
            }
        }
        if let Some(before) = before {
            self.codes[before].uses -= 1;
        }
        self.people[person].referral = code.map(|code| self.use_code(code));
        Some(200)
    }

    fn erase(&mut self, friend: usize) -> Option<u16> {
        let person = self.friends[friend].person.take()?;
        self.friends[friend].joined_before = true;
        self.people[person].erased = true;
        for payment in
            self.payments.iter_mut().filter(|payment| payment.payer.is_some_and(|payer| payer.person == person))
        {
            payment.clues.retain(|clue| clue.is_explicit());
        }
        self.customers.retain(|_, known| *known != person);
        Some(204)
    }

    fn delete_code(&mut self, code: usize) -> u16 {
        let code = &mut self.codes[code];
        if code.hidden || code.gone {
            return 404;
        }
        (code.hidden, code.gone) = (code.ever_used, !code.ever_used);
        204
    }

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
    fn tell(&mut self, action: &Action) -> Option<u16> {
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
    fn hear(&mut self, action: &Action) -> Option<u16> {
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

    fn tell_refund(&mut self, key: (usize, usize), amount: i64) -> Option<u16> {
        let payment = self.refundable(key.0)?;
        let left = self.payments[payment].standing(Brought::Unknown, self.now)?;
        let known = self.payments[payment].host_refunds.get(&key).copied();
        match known {
            Some(known) => return Some(if known == amount { 200 } else { 409 }),
            None if amount > left.amount - left.refunded => return Some(409),
            None => {}
        }
        self.payments[payment].host_refunds.insert(key, amount);
        Some(201)
    }

    /// The first payment of a slot that money is known of.
    pub fn refundable(&self, slot: usize) -> Option<usize> {
        let names = Name::all_of(slot);
        self.known(&names).into_iter().find(|index| self.payments[*index].paid().is_some())
    }

    /// Payments that are known by any of these names.
    fn known(&self, names: &[Name]) -> Vec<usize> {
        let speaks = |payment: &Payment| names.iter().any(|name| payment.names.contains(name));
        (0..self.payments.len()).filter(|index| speaks(&self.payments[*index])).collect()
    }

    /// Whether a message can come. Payments of two friends are only ever joined where it is clear that they are two
    /// people, and payments in two currencies never.
    fn may_be_one(&self, names: &[Name], found: &[usize]) -> bool {
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

    /// Notes names and clues of a payment, which may show that several are one: the oldest of which money is known stays.
    /// Nothing where they are by different people.
    fn note(&mut self, message: Message) -> Option<&mut Payment> {
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
        }
        let payment = &mut self.payments[kept];
        payment.names.extend(message.names);
        payment.clues.extend(message.clues);
        Some(payment)
    }

    /// Whom a clue names, if they are known.
    fn whom(&self, clue: Clue) -> Option<usize> {
        match clue {
            Clue::Person(person) => (!self.people[person].erased).then_some(person),
            Clue::External(friend) => self.friends[friend].person.filter(|person| self.people[*person].external),
            Clue::Email(friend) => self.friends[friend].person,
            Clue::Customer(friend) => self.customers.get(&friend).copied(),
        }
    }

    /// Finds out who has paid until nothing more is found out: a customer that becomes known names other payments too.
    /// Whoever is erased stays the one who has paid.
    fn settle(&mut self) {
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

    /// How a payment stands that is none of another one's duplicates.
    pub fn standing(&self, index: usize) -> Option<Standing> {
        let payment = &self.payments[index];
        let brought = match payment.payer.map(|payer| &self.people[payer.person]) {
            None => Brought::Unknown,
            Some(Person { referral: None, .. }) => Brought::ByNobody,
            Some(person) => Brought::Since(person.signed_up_at),
        };
        payment.is_live().then(|| payment.standing(brought, self.now)).flatten()
    }

    /// When somebody first paid what counts.
    pub fn converted_at(&self, person: usize) -> Option<i64> {
        let own = |index: &usize| self.payments[*index].payer.is_some_and(|payer| payer.person == person);
        let standings = (0..self.payments.len()).filter(own).filter_map(|index| self.standing(index));
        standings.filter(Standing::converts).map(|standing| standing.at).min()
    }

    /// Whether a code can be looked at.
    pub fn is_shown(&self, code: usize) -> bool {
        !self.codes[code].hidden && !self.codes[code].gone
    }

    /// Sign-ups, conversions and revenue of some codes together.
    pub fn numbers(&self, codes: &[usize]) -> Numbers {
        let mut numbers = Numbers::default();
        for (person, known) in self.people.iter().enumerate() {
            if known.referral.is_some_and(|referral| codes.contains(&referral.code)) {
                numbers.sign_ups += 1;
                numbers.conversions += i64::from(self.converted_at(person).is_some());
            }
        }
        for index in 0..self.payments.len() {
            let payer = self.payments[index].payer.and_then(|payer| self.people[payer.person].referral);
            let Some(standing) = self.standing(index) else { continue };
            if payer.is_some_and(|referral| codes.contains(&referral.code)) && standing.revenue != 0 {
                *numbers.revenue.entry(standing.currency.to_owned()).or_default() += standing.revenue;
            }
        }
        numbers
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    pub sign_ups: i64,
    pub conversions: i64,
    pub revenue: BTreeMap<String, i64>,
}
