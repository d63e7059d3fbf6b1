//! A payment of the model: what was told of it, and what that amounts to by the rules of the specification.

use super::action::{Dispute, Refund};
use std::collections::{BTreeMap, BTreeSet};

/// A name of a payment; of several invoices and checkouts that one payment turns out to have, the first of these is
/// believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    Invoice(usize),
    Session(usize),
    Charge(usize),
    Intent(usize),
    Order(usize),
}

impl Name {
    /// As it is sent. `sequence` tells the payments of one sequence from those of the others.
    pub fn text(self, sequence: &str) -> String {
        let kind = match self {
            Self::Invoice(_) => "in",
            Self::Session(_) => "cs",
            Self::Charge(_) => "ch",
            Self::Intent(_) => "pi",
            Self::Order(_) => "order",
        };
        format!("{kind}_{sequence}{}", self.slot())
    }

    /// Of which slot it is.
    pub fn slot(self) -> usize {
        match self {
            Self::Invoice(slot) | Self::Session(slot) | Self::Charge(slot) | Self::Intent(slot) | Self::Order(slot) => {
                slot
            }
        }
    }

    pub fn all_of(slot: usize) -> [Self; 5] {
        [Self::Invoice(slot), Self::Session(slot), Self::Charge(slot), Self::Intent(slot), Self::Order(slot)]
    }
}

/// What a message says of who has paid: a person, or one of the friends by a name of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clue {
    Person(usize),
    External(usize),
    Customer(usize),
    Email(usize),
}

impl Clue {
    /// Whether the host product itself said so.
    pub fn is_explicit(self) -> bool {
        matches!(self, Self::Person(_) | Self::External(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payer {
    pub person: usize,
    pub explicit: bool,
}

/// Money, as one message told of it.
#[derive(Clone, Copy, Debug)]
pub struct Paid {
    pub amount: i64,
    pub net: Option<i64>,
    pub currency: &'static str,
    pub at: i64,
    /// Marked as paid by hand.
    pub by_hand: bool,
}

/// Times are hours since the sequence began.
#[derive(Clone, Debug, Default)]
pub struct Payment {
    pub names: BTreeSet<Name>,
    pub clues: BTreeSet<Clue>,
    pub payer: Option<Payer>,
    pub first_told: i64,
    /// Whether it has counted before, so that it never comes too late.
    pub has_counted: bool,
    pub duplicate_of: Option<usize>,
    /// Whether Stripe told of a charge, or joined it with one.
    pub charged: bool,
    by_stripe: BTreeMap<Name, Paid>,
    /// The earliest name is the one that is shown.
    by_host: Vec<(usize, Paid)>,
    pub host_refunds: BTreeMap<(usize, usize), i64>,
    refunds: BTreeMap<(usize, usize), (i64, bool)>,
    refund_totals: BTreeMap<Name, i64>,
    disputes: BTreeMap<(usize, usize), (i64, Option<Dispute>)>,
}

/// What is known of whose payment it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    Unknown,
    ByNobody,
    /// Since when they are somebody's referral.
    Since(i64),
}

/// A payment worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: &'static str,
    pub parked_because: Option<&'static str>,
    pub source: &'static str,
    pub amount: i64,
    pub net: i64,
    pub currency: &'static str,
    pub refunded: i64,
    pub revenue: i64,
    pub at: i64,
}

impl Standing {
    pub fn converts(&self) -> bool {
        matches!(self.state, "counted" | "disputed")
    }

    /// What was not given back.
    pub fn left(&self) -> i64 {
        self.amount - self.refunded
    }

    /// Whether it is somebody's, also where nothing of it is left.
    pub fn counts(&self) -> bool {
        self.parked_because.is_none()
    }
}

impl Payment {
    pub fn told_at(now: i64) -> Self {
        Self { first_told: now, ..Self::default() }
    }

    pub fn is_live(&self) -> bool {
        self.duplicate_of.is_none()
    }

    /// What is believed of the money: Stripe before the host product, an invoice before a checkout.
    pub fn paid(&self) -> Option<Paid> {
        let by_host = || self.by_host.iter().min_by_key(|(slot, _)| *slot).map(|(_, paid)| *paid);
        self.by_stripe.values().next().copied().or_else(by_host)
    }

    /// What the host product told under a name of its own.
    pub fn told_as(&self, slot: usize) -> Option<Paid> {
        self.by_host.iter().find(|(own, _)| *own == slot).map(|(_, paid)| *paid)
    }

    /// The name of the host product that is shown.
    pub fn host_name(&self) -> Option<Name> {
        self.by_host.first().map(|(slot, _)| Name::Order(*slot))
    }

    pub fn add_host_money(&mut self, slot: usize, paid: Paid) {
        match self.by_host.iter_mut().find(|(own, _)| *own == slot) {
            Some((_, known)) => *known = both(*known, paid),
            None => self.by_host.push((slot, paid)),
        }
    }

    pub fn add_stripe_money(&mut self, name: Name, paid: Paid) {
        let known = self.by_stripe.get(&name).copied();
        self.by_stripe.insert(name, known.map_or(paid, |known| both(known, paid)));
    }

    /// A refund that failed never happened, whatever is told later.
    pub fn add_refund(&mut self, key: (usize, usize), amount: i64, state: Refund) {
        let failed = matches!(state, Refund::Failed | Refund::Canceled);
        self.join_refund(key, (amount, failed));
    }

    fn join_refund(&mut self, key: (usize, usize), told: (i64, bool)) {
        let known = self.refunds.entry(key).or_insert(told);
        *known = (known.0.max(told.0), known.1 || told.1);
    }

    pub fn add_refund_total(&mut self, charge: Name, sum: i64) {
        let known = self.refund_totals.entry(charge).or_default();
        *known = sum.max(*known);
    }

    pub fn add_dispute(&mut self, key: (usize, usize), amount: i64, state: Dispute) {
        self.join_dispute(key, (amount, (state != Dispute::Strange).then_some(state)));
    }

    /// The first end of a dispute is its end.
    fn join_dispute(&mut self, key: (usize, usize), told: (i64, Option<Dispute>)) {
        let known = self.disputes.entry(key).or_insert(told);
        let ended = matches!(known.1, Some(Dispute::Won | Dispute::Lost));
        *known = (known.0.max(told.0), if ended { known.1 } else { told.1.or(known.1) });
    }

    /// Takes over all that was told of another payment, which turned out to be the same.
    pub fn take_over(&mut self, other: &mut Self) {
        self.names.append(&mut other.names);
        self.clues.append(&mut other.clues);
        self.payer = match (self.payer, other.payer) {
            (Some(own), Some(theirs)) if theirs.explicit && !own.explicit => Some(theirs),
            (own, theirs) => own.or(theirs),
        };
        self.has_counted |= other.has_counted;
        self.charged |= other.charged;
        for (name, paid) in &other.by_stripe {
            self.add_stripe_money(*name, *paid);
        }
        for (slot, paid) in &other.by_host {
            self.add_host_money(*slot, *paid);
        }
        for (key, amount) in &other.host_refunds {
            let known = self.host_refunds.entry(*key).or_default();
            *known = (*known).max(*amount);
        }
        for (key, refund) in &other.refunds {
            self.join_refund(*key, *refund);
        }
        for (charge, sum) in &other.refund_totals {
            self.add_refund_total(*charge, *sum);
        }
        for (key, dispute) in &other.disputes {
            self.join_dispute(*key, *dispute);
        }
    }

    /// How it stands; nothing as long as nobody has said that money was paid.
    pub fn standing(&self, brought: Brought, now: i64) -> Option<Standing> {
        let paid = self.paid()?;
        let net = paid.net.unwrap_or(paid.amount);
        let refunded = self.given_back().min(paid.amount);
        let parked_because = if paid.by_hand && !self.charged {
            Some("unconfirmed")
        } else {
            match brought {
                Brought::Unknown => Some("unknown_person"),
                Brought::ByNobody => Some("no_referral"),
                Brought::Since(joined) if joined - paid.at > 24 => Some("before_sign_up"),
                Brought::Since(_) => (!self.has_counted && now - self.first_told > 90 * 24).then_some("too_late"),
            }
        };
        let state = match parked_because {
            Some(_) => "parked",
            None if refunded == paid.amount => "refunded",
            None if self.is_disputed() => "disputed",
            None => "counted",
        };
        let revenue = if parked_because.is_some() { 0 } else { share(net, paid.amount - refunded, paid.amount) };
        Some(Standing {
            state,
            parked_because,
            source: if self.by_stripe.is_empty() { "api" } else { "stripe" },
            amount: paid.amount,
            net,
            currency: paid.currency,
            refunded,
            revenue,
            at: paid.at,
        })
    }

    /// What was given back before anybody has said what was paid: it waits for that, as an open dispute does.
    pub fn waiting(&self) -> Option<i64> {
        let given_back = self.given_back();
        (self.paid().is_none() && (given_back > 0 || self.is_disputed())).then_some(given_back)
    }

    fn is_disputed(&self) -> bool {
        self.disputes.values().any(|(_, state)| *state == Some(Dispute::Open))
    }

    /// Both speak of the same refunds, so that the greater sum is right; lost disputes come on top.
    fn given_back(&self) -> i64 {
        let by_host: i64 = self.host_refunds.values().sum();
        let sum = |failed: bool| -> i64 {
            self.refunds.values().filter(|refund| refund.1 == failed).map(|refund| refund.0).sum()
        };
        let totals: i64 = self.refund_totals.values().sum();
        let lost = self.disputes.values().filter(|(_, state)| *state == Some(Dispute::Lost));
        let lost: i64 = lost.map(|(amount, _)| amount).sum();
        let by_stripe = sum(false).max(totals - sum(true)) + lost;
        by_host.max(by_stripe)
    }
}

/// Told twice, the first word on the amount stays, the earlier time is right, and by hand is only what always was.
fn both(known: Paid, told: Paid) -> Paid {
    Paid { net: known.net.or(told.net), at: known.at.min(told.at), by_hand: known.by_hand && told.by_hand, ..known }
}

/// `amount × part ÷ whole`, halves up.
pub fn share(amount: i64, part: i64, whole: i64) -> i64 {
    let doubled = 2 * i128::from(amount) * i128::from(part) + i128::from(whole);
    i64::try_from(doubled / (2 * i128::from(whole))).expect("no more than the amount")
}
