//! What stands of rewards by the facts, worked out anew after all that happens.

use super::{
    Program,
    earning::{full_amount, meets},
};
use crate::model::{
    payment::{Standing, share},
    reward::{Occasion, Owner, Reward},
    reward_rules::Kind,
};

/// What the facts say of a reward.
struct Facts {
    payment: Option<(usize, i64)>,
    due: i64,
    /// Why nothing is due.
    reason: Option<&'static str>,
    disputed: bool,
}

impl Program {
    /// Brings all rewards up to date, and gives those that are earned now.
    pub(super) fn settle_rewards(&mut self) {
        for index in 0..self.rewards.len() {
            self.follow(index);
        }
        for person in 0..self.people.len() {
            if self.people[person].referral.is_some() {
                self.earn_by_payments(person);
            }
        }
    }

    /// Puts a reward where the facts say, and lets it take the step that is due.
    pub(super) fn follow(&mut self, index: usize) {
        let found = self.facts(&self.rewards[index]);
        let disabled = match self.rewards[index].key.1 {
            Owner::Referrer(referrer) => self.referrers[referrer].disabled,
            Owner::Person(_) => false,
        };
        let (reward, now) = (&mut self.rewards[index], self.now);
        if let Some((payment, at)) = found.payment {
            reward.payment = Some(payment);
            reward.happened_at = at;
        }
        reward.stand_at(found.due, found.reason);
        reward.freeze(found.disputed || disabled, now);
        reward.advance(now);
    }

    fn facts(&self, reward: &Reward) -> Facts {
        let nothing = |reason| Facts { payment: None, due: 0, reason: Some(reason), disputed: false };
        let (_, owner, occasion) = reward.key;
        let credited = self.people[reward.friend].referral.and_then(|referral| referral.referrer);
        if matches!(owner, Owner::Referrer(_)) && credited.map(Owner::Referrer) != Some(owner) {
            return nothing("corrected");
        }
        let payments = self.counting(reward.friend);
        let paid = match occasion {
            Occasion::SignUp(_) => return Facts { payment: None, due: reward.granted, reason: None, disputed: false },
            Occasion::Twin(_) => return nothing("duplicate"),
            Occasion::Payment(own) => payments.iter().find(|(index, _)| *index == own),
            Occasion::First(_) => {
                let own = payments.iter().find(|(index, _)| Some(*index) == reward.payment);
                let mut fit = payments.iter().filter(|(_, paid)| meets(reward.least, paid));
                let first = fit.clone().next();
                fit.find(|(_, paid)| paid.left() > 0).or(own).or(first)
            }
        };
        let Some((index, paid)) = paid else {
            let twin = reward.payment.is_some_and(|payment| !self.payments[payment].is_live());
            return nothing(if twin { "duplicate" } else { "not_counted" });
        };
        Facts {
            payment: Some((*index, paid.at)),
            due: due(reward, paid),
            reason: (paid.refunded > 0).then_some("refunded"),
            disputed: paid.state == "disputed",
        }
    }

    /// Of the rewards for two payments that are one, each rule keeps the one that is furthest. Nobody owes anything for
    /// the other.
    pub(super) fn merge_rewards(&mut self, twin: usize, kept: usize) {
        for index in 0..self.rewards.len() {
            let (rule, owner, occasion) = self.rewards[index].key;
            if occasion != Occasion::Payment(twin) {
                continue;
            }
            let key = (rule, owner, Occasion::Payment(kept));
            match (0..self.rewards.len()).find(|other| self.rewards[*other].key == key) {
                Some(other) if self.rewards[index].rank(self.now) > self.rewards[other].rank(self.now) => {
                    self.leave(other);
                    self.rewards[index].key = key;
                }
                Some(_) => self.leave(index),
                None => self.rewards[index].key = key,
            }
        }
    }

    fn leave(&mut self, index: usize) {
        self.rewards[index].keep();
        self.rewards[index].key.2 = Occasion::Twin(index);
    }
}

/// Money is taken back in proportion to what was given back; all else when too little is left of the payment.
fn due(reward: &Reward, paid: &Standing) -> i64 {
    if reward.kind == Kind::Credit {
        return share(full_amount(reward.amount, paid), paid.left(), paid.amount);
    }
    let enough = paid.left() > 0 && (paid.refunded == 0 || reward.least.is_none_or(|least| paid.left() >= least));
    if enough { reward.granted } else { 0 }
}
