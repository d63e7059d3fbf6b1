//! What people, a host product and admins do with rewards, and what they are answered.

use super::Program;
use crate::model::{
    action::rewards::RewardAction,
    reward::{Occasion, Owner, Reward, State},
    reward_rules::Kind,
};

/// The status, and the code of a refusal.
pub type Answer = (u16, &'static str);

const DONE: Answer = (200, "");

/// So much of what somebody has of a kind, or of it in one currency.
pub struct Wanted {
    pub owner: Owner,
    pub kind: Kind,
    pub currency: Option<&'static str>,
    pub amount: i64,
}

/// Why an admin ends a reward.
pub const REASON: &str = "A test says so";

impl Program {
    pub(super) fn step(&mut self, action: &RewardAction) -> Option<Answer> {
        let now = self.now;
        if let RewardAction::Edit { rule, version } = *action {
            self.now += 1;
            self.rules.change(rule, version, self.now);
            return Some(DONE);
        }
        if let RewardAction::Use { .. } = action {
            return self.use_part(&self.wanted(action)?);
        }
        if matches!(action, RewardAction::UseAgain) {
            return self.last_user.filter(|owner| !self.is_erased(*owner)).map(|_| DONE);
        }
        let index = self.picked(action)?;
        let reward = &mut self.rewards[index];
        Some(match *action {
            RewardAction::Redeem { .. } => redeem(reward, now),
            RewardAction::Void { .. } if reward.ended && reward.state(now) == State::Voided => (409, "voided"),
            RewardAction::Void { .. } if reward.ended => (409, "reversed"),
            RewardAction::Void { .. } if reward.picked.is_some() => (409, "already_chosen"),
            RewardAction::Void { .. } => {
                reward.end(REASON);
                DONE
            }
            RewardAction::Approve { .. } if reward.state(now) != State::Pending => (409, "not_pending"),
            RewardAction::Approve { .. } => {
                reward.approved = true;
                DONE
            }
            RewardAction::Choose { option, .. } => {
                let answer = choose(reward, option, now);
                if answer == Some(DONE) {
                    self.give_option(index, option);
                }
                answer.unwrap_or(DONE)
            }
            _ => return None,
        })
    }

    /// The reward that an action is about. One that has left its payment to another has no name to ask for it by.
    pub fn picked(&self, action: &RewardAction) -> Option<usize> {
        let (RewardAction::Redeem { pick }
        | RewardAction::Use { pick, .. }
        | RewardAction::Void { pick }
        | RewardAction::Approve { pick }
        | RewardAction::Choose { pick, .. }) = *action
        else {
            return None;
        };
        let fits = |reward: &Reward| match action {
            RewardAction::Approve { .. } => reward.by_hand,
            RewardAction::Choose { .. } => reward.is_choice(),
            RewardAction::Use { .. } => !reward.is_choice() && !self.is_erased(reward.key.1),
            _ => true,
        };
        let named = |reward: &Reward| !matches!(reward.key.2, Occasion::Twin(_));
        let all = 0..self.rewards.len();
        let all: Vec<usize> = all.filter(|index| fits(&self.rewards[*index]) && named(&self.rewards[*index])).collect();
        (!all.is_empty()).then(|| all[pick % all.len()])
    }

    fn is_erased(&self, owner: Owner) -> bool {
        match owner {
            Owner::Referrer(referrer) => self.referrers[referrer].erased,
            Owner::Person(person) => self.people[person].erased,
        }
    }

    /// What is to be used by an action.
    pub fn wanted(&self, action: &RewardAction) -> Option<Wanted> {
        let RewardAction::Use { part, names_currency, .. } = *action else { return None };
        let Reward { key: (_, owner, _), kind, currency, .. } = self.rewards[self.picked(action)?];
        let mut wanted = Wanted { owner, kind, currency: currency.filter(|_| names_currency), amount: 0 };
        let available = |index: usize| self.rewards[index].balance(self.now).available;
        wanted.amount = part.of(self.lots(&wanted).into_iter().map(available).sum()).max(1);
        Some(wanted)
    }

    /// What can be used: what ends first comes first.
    fn lots(&self, wanted: &Wanted) -> Vec<usize> {
        let usable = |reward: &Reward| {
            (reward.key.1, reward.kind) == (wanted.owner, wanted.kind)
                && reward.balance(self.now).available > 0
                && (wanted.currency.is_none() || reward.currency == wanted.currency)
        };
        let mut lots: Vec<usize> = (0..self.rewards.len()).filter(|index| usable(&self.rewards[*index])).collect();
        lots.sort_by_key(|index| (self.rewards[*index].valid_until.unwrap_or(i64::MAX), *index));
        lots
    }

    fn use_part(&mut self, wanted: &Wanted) -> Option<Answer> {
        let (lots, mut left) = (self.lots(wanted), wanted.amount);
        let currency = |index: &usize| self.rewards[*index].currency;
        if lots.iter().any(|lot| currency(lot) != currency(&lots[0])) {
            return Some((422, "validation"));
        }
        let available = |index: &usize| self.rewards[*index].balance(self.now).available;
        if lots.iter().map(available).sum::<i64>() < left {
            return Some((409, "insufficient_balance"));
        }
        for lot in lots {
            let taken = self.rewards[lot].balance(self.now).available.min(left);
            self.rewards[lot].used += taken;
            left -= taken;
        }
        self.last_user = Some(wanted.owner);
        Some((201, ""))
    }
}

/// All that is left, once.
fn redeem(reward: &mut Reward, now: i64) -> Answer {
    match reward.state(now) {
        _ if reward.redeemed => DONE,
        State::Redeemed => (409, "already_redeemed"),
        State::Expired => (409, "expired"),
        State::Voided => (409, "voided"),
        State::Reversed => (409, "reversed"),
        State::Pending if reward.is_choice() => (409, "choice_pending"),
        _ if reward.frozen_since.is_some() => (409, "frozen"),
        State::Pending => (409, "on_hold"),
        State::Active => {
            (reward.used, reward.redeemed) = (reward.stands, true);
            DONE
        }
    }
}

/// Nothing where the same option was picked before.
fn choose(choice: &mut Reward, option: &'static str, now: i64) -> Option<Answer> {
    Some(match choice.picked {
        Some(picked) if picked == option => return None,
        Some(_) => (409, "already_chosen"),
        None if choice.state(now) != State::Pending => (409, "voided"),
        None if choice.frozen_since.is_some() => (409, "frozen"),
        None => {
            (choice.picked, choice.used) = (Some(option), choice.stands);
            // What was picked is taken back itself, and not the choice.
            choice.keep();
            DONE
        }
    })
}
