//! The model: what a program looks like after everything that happened, kept in memory and worked out anew each time.
//! It knows the specification and nothing of the product.

mod earning;
mod identity;
mod messages;
mod people;
mod reward_steps;
mod rewards;

use super::{
    action::{Action, CODES, FRIENDS, SLOTS},
    payment::{Brought, Payment, Standing},
    reward::{Key, Owner, Reward},
    reward_rules::Rules,
};
pub use reward_steps::{Answer, REASON, Wanted};
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
    rules: Rules,
    /// In the order in which they were made.
    pub rewards: Vec<Reward>,
    /// What was not given when its occasion came, and never comes later.
    refused: BTreeSet<Key>,
    /// Who has used a balance last.
    last_user: Option<Owner>,
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
    corrected_at: Option<i64>,
}

impl Program {
    /// Lets it happen: the answer, or nothing where it cannot happen now.
    pub fn apply(&mut self, action: &Action) -> Option<Answer> {
        let answer = match action {
            Action::Reward(step) => self.step(step),
            _ => self.happen(action).map(|status| (status, "")),
        };
        self.settle();
        self.settle_rewards();
        answer
    }

    fn happen(&mut self, action: &Action) -> Option<u16> {
        match *action {
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
            Action::Correct { friend, code, keep } => self.correct(friend, code, keep),
            Action::Erase { friend } => self.erase(friend),
            Action::EraseReferrer { referrer } => {
                self.forfeit(Owner::Referrer(referrer));
                let erased = std::mem::replace(&mut self.referrers[referrer].erased, true);
                (!erased).then_some(204)
            }
            Action::Disable { referrer, disabled } => {
                let known = &mut self.referrers[referrer];
                known.disabled = disabled;
                (!known.erased).then_some(200)
            }
            Action::DeleteCode { code } => Some(self.delete_code(code)),
            // What comes by itself may come late, but for the end of a hold it matters when.
            Action::Wait { hours, noticed: false }
                if self.rewards.iter().any(|reward| reward.is_due(self.now + hours)) =>
            {
                None
            }
            Action::Wait { hours, .. } => {
                self.now += hours;
                Some(200)
            }
            Action::Reward(_) => None,
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
