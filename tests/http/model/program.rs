//! The model: what a program looks like after everything that happened, kept in memory and worked out anew each time. It
//! knows the specification and nothing of the product.

mod identity;
mod messages;

use super::{
    action::{Action, CODES, FRIENDS, SLOTS},
    payment::{Brought, Payment, Standing},
};
use std::collections::BTreeMap;

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
