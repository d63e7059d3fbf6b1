//! What sign-ups and payments earn.

use super::Program;
use crate::model::{
    payment::{Standing, share},
    reward::{CHOICE_OPEN, Key, Occasion, Owner, Reward},
    reward_rules::{Amount, Kind, RULES, Terms, Trigger},
};

/// What is given for a payment, or for a sign-up.
struct Cause {
    friend: usize,
    occasion: Occasion,
    payment: Option<usize>,
    happened_at: i64,
}

impl Program {
    /// Gives what a sign-up earns by the rules of now. What the friend got before stays theirs when somebody else is
    /// credited.
    pub(super) fn earn_by_sign_up(&mut self, person: usize, for_friend: bool) {
        let happened_at = self.people[person].signed_up_at;
        for rule in 0..RULES.len() {
            let Some(terms) = self.rules.at(rule, self.now).filter(|terms| terms.trigger == Trigger::SignUp) else {
                continue;
            };
            if for_friend || !terms.for_friend {
                let cause = Cause { friend: person, occasion: Occasion::SignUp(person), payment: None, happened_at };
                self.give(Some(rule), &terms, cause);
            }
        }
    }

    /// Gives what the payments of a referred person earn and have not earned yet.
    pub(super) fn earn_by_payments(&mut self, person: usize) {
        let payments = self.counting(person);
        for (index, standing) in &payments {
            for rule in 0..RULES.len() {
                let Some(terms) = self.earning(rule, Trigger::Every, *index, standing) else { continue };
                let occasion = Occasion::Payment(*index);
                let cause = Cause { friend: person, occasion, payment: Some(*index), happened_at: standing.at };
                self.give(Some(rule), &terms, cause);
            }
        }
        for rule in 0..RULES.len() {
            let earning = |(index, standing): &(usize, Standing)| {
                Some((*index, standing.clone(), self.earning(rule, Trigger::First, *index, standing)?))
            };
            let all: Vec<_> = payments.iter().filter_map(earning).collect();
            let Some((index, standing, terms)) = all.iter().find(|(_, paid, _)| paid.left() > 0).or(all.first()) else {
                continue;
            };
            let occasion = Occasion::First(person);
            let cause = Cause { friend: person, occasion, payment: Some(*index), happened_at: standing.at };
            // One choice holds all options: it is given with the first of them.
            self.give(terms.option.is_none().then_some(rule), terms, cause);
        }
    }

    /// The conversions of a person, in the order in which they were told.
    pub(super) fn counting(&self, person: usize) -> Vec<(usize, Standing)> {
        let own = |index: &usize| self.payments[*index].payer.is_some_and(|payer| payer.person == person);
        let standing = |index| Some((index, self.standing(index).filter(Standing::counts)?));
        (0..self.payments.len()).filter(own).filter_map(standing).collect()
    }

    /// What the rule says by which a payment earns something. The version counts that was current when the payment was
    /// first told, or when somebody else was credited.
    fn earning(&self, rule: usize, trigger: Trigger, payment: usize, standing: &Standing) -> Option<Terms> {
        let told = self.payments[payment].first_told;
        let person = self.payments[payment].payer?.person;
        let since = self.people[person].referral?.corrected_at.unwrap_or(told);
        let terms = self.rules.at(rule, told.max(since)).filter(|terms| terms.trigger == trigger)?;
        (meets(terms.least, standing) && full_amount(terms.amount, standing) > 0).then_some(terms)
    }

    /// Gives a reward, or refuses it for good where there is no account that may get something.
    fn give(&mut self, rule: Option<usize>, terms: &Terms, cause: Cause) {
        let referrer = self.people[cause.friend].referral.and_then(|referral| referral.referrer);
        let owner = if terms.for_friend { Some(Owner::Person(cause.friend)) } else { referrer.map(Owner::Referrer) };
        let Some(owner) = owner else { return };
        let key: Key = (rule, owner, cause.occasion);
        if self.refused.contains(&key) || self.rewards.iter().any(|reward| reward.key == key) {
            return;
        }
        if !self.may_earn(owner) {
            self.refused.insert(key);
            return;
        }
        let standing = cause.payment.and_then(|payment| self.standing(payment));
        let granted = match (terms.amount, standing.as_ref()) {
            (Amount::Fixed(amount), _) => amount,
            (amount, Some(standing)) => full_amount(amount, standing),
            (Amount::Percent(_), None) => 0,
        };
        let paid_in = standing.map(|standing| standing.currency);
        let currency = if matches!(terms.amount, Amount::Percent(_)) { paid_in } else { Some("USD") };
        let mut reward = new_reward(key, terms, granted, currency, cause);
        if rule.is_none() {
            (reward.kind, reward.currency, reward.granted) = (Kind::Choice, None, 1);
            (reward.amount, reward.valid_days) = (Amount::Fixed(1), None);
            reward.valid_until = Some(self.now + CHOICE_OPEN);
        }
        self.rewards.push(reward);
        self.follow(self.rewards.len() - 1);
    }

    /// Gives what one option of a choice is about.
    pub(super) fn give_option(&mut self, choice: usize, option: &str) {
        let Reward { key: (_, owner, occasion), friend, payment, happened_at, .. } = self.rewards[choice];
        for (rule, terms) in RULES.iter().enumerate().filter(|(_, terms)| terms.option == Some(option)) {
            let Amount::Fixed(granted) = terms.amount else { continue };
            let cause = Cause { friend, occasion, payment, happened_at };
            let key = (Some(rule), owner, occasion);
            self.rewards.push(new_reward(key, terms, granted, Some("USD"), cause));
        }
    }

    fn may_earn(&self, owner: Owner) -> bool {
        match owner {
            Owner::Referrer(referrer) => !self.referrers[referrer].erased && !self.referrers[referrer].disabled,
            Owner::Person(person) => !self.people[person].erased,
        }
    }
}

/// Whether a payment is large enough, and in the currency of the rules.
pub(super) fn meets(least: Option<i64>, paid: &Standing) -> bool {
    least.is_none_or(|least| paid.currency == "USD" && paid.amount >= least)
}

/// The reward for a payment of which nothing was given back.
pub(super) fn full_amount(amount: Amount, paid: &Standing) -> i64 {
    match amount {
        Amount::Fixed(amount) => amount,
        Amount::Percent(points) => share(paid.net, points, 10_000),
    }
}

fn new_reward(key: Key, terms: &Terms, granted: i64, currency: Option<&'static str>, cause: Cause) -> Reward {
    Reward {
        key,
        friend: cause.friend,
        kind: terms.kind,
        currency: currency.filter(|_| terms.kind == Kind::Credit),
        amount: terms.amount,
        least: terms.least,
        hold_days: terms.hold_days,
        valid_days: terms.valid_days,
        by_hand: terms.by_hand,
        granted,
        payment: cause.payment,
        happened_at: cause.happened_at,
        stands: granted,
        reason: None,
        used: 0,
        kept: 0,
        ended: false,
        approved: false,
        redeemed: false,
        picked: None,
        active_since: None,
        valid_until: None,
        frozen_since: None,
    }
}
