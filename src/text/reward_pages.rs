//! Rewards on the pages of admins, in words.

use crate::{
    domain::{
        conversions::facts::{Fact, FactKind},
        money::Currency,
        rewards::{
            kind,
            refusal::RefusalReason,
            reward::{Delivery, EndReason, RewardState},
        },
    },
    text::Texts,
    view_models::{
        reward_pages::{HistoryEntry, RewardStep},
        rewards::RewardView,
    },
};

impl Texts {
    /// How far a reward is, in a word.
    pub(crate) fn admin_reward_state(&self, state: RewardState) -> String {
        match state {
            RewardState::Pending => self.admin_reward_pending(),
            RewardState::Active => self.admin_reward_active(),
            RewardState::Redeemed => self.admin_reward_redeemed(),
            RewardState::Expired => self.admin_reward_expired(),
            RewardState::Voided => self.admin_reward_voided(),
            RewardState::Reversed => self.admin_reward_reversed(),
        }
    }

    /// What rewards can be asked for besides their state. The name itself for one that is not known.
    pub(crate) fn admin_reward_condition(&self, name: &str) -> String {
        match name {
            "approval" => self.admin_reward_needs_approval(),
            "owed" => self.admin_reward_owed(),
            "frozen" => self.admin_reward_frozen(),
            "failed" => self.admin_reward_failed(),
            other => other.to_owned(),
        }
    }

    /// A kind of rewards; the admin's own by its name.
    pub(crate) fn admin_reward_kind(&self, name: &str) -> String {
        match name {
            kind::EXTRA_MESSAGES => self.admin_reward_kind_messages(),
            kind::EXTRA_REQUESTS => self.admin_reward_kind_requests(),
            kind::ACCOUNT_CREDIT => self.admin_reward_kind_credit(),
            kind::FEATURE_UNLOCK => self.admin_reward_kind_unlock(),
            kind::CHOICE => self.admin_reward_choice(),
            own => own.to_owned(),
        }
    }

    /// Whether the host product knows of a reward.
    pub(crate) fn admin_reward_delivered(&self, delivery: Delivery) -> String {
        match delivery {
            Delivery::None => self.admin_reward_delivery_none(),
            Delivery::Waiting => self.admin_reward_delivery_waiting(),
            Delivery::Delivered => self.admin_reward_delivery_delivered(),
            Delivery::Failed => self.admin_reward_delivery_failed(),
        }
    }

    /// How much a reward is of: what stands, and what it was made with where that is more.
    pub(crate) fn admin_reward_what(&self, reward: &RewardView) -> String {
        let (stands, granted) = (self.reward_amount(reward, reward.amount), self.reward_amount(reward, reward.granted));
        match reward.amount == reward.granted {
            _ if reward.is_choice() => self.admin_reward_choice(),
            true => stands,
            false => self.admin_reward_part(stands, granted),
        }
    }

    /// What people read of a reward, or what they can pick from.
    pub(crate) fn admin_reward_description(&self, reward: &RewardView) -> String {
        match reward.is_choice() {
            true => {
                let options: Vec<String> = reward.choices.iter().map(|option| self.option(option)).collect();
                self.admin_reward_choice_of(options.join(" · "))
            }
            false => self.described(&reward.description),
        }
    }

    /// Why a reward was not given.
    pub(crate) fn refusal_reason(&self, reason: RefusalReason) -> String {
        match reason {
            RefusalReason::CapReached => self.admin_refused_cap_reached(),
            RefusalReason::BudgetSpent => self.admin_refused_budget_spent(),
            RefusalReason::NoAccount => self.admin_refused_no_account(),
        }
    }

    fn end_reason(&self, reason: EndReason) -> String {
        match reason {
            EndReason::Refunded => self.admin_reward_because_refunded(),
            EndReason::Duplicate => self.admin_reward_because_duplicate(),
            EndReason::NotCounted => self.admin_reward_because_not_counted(),
            EndReason::Corrected => self.admin_reward_because_corrected(),
            EndReason::BelowMilestone => self.admin_reward_because_below_milestone(),
            EndReason::NotChosen => self.admin_reward_because_not_chosen(),
            EndReason::Erased => self.admin_reward_because_erased(),
            EndReason::Cancelled => self.admin_reward_because_cancelled(),
            EndReason::Rejected => self.admin_reward_because_rejected(),
        }
    }

    /// A step in the history of a reward. `currency` is that of its payment.
    pub(crate) fn reward_step(&self, entry: &HistoryEntry, reward: &RewardView, currency: Option<Currency>) -> String {
        let (amount, granted) = (self.reward_amount(reward, entry.amount), self.reward_amount(reward, reward.granted));
        let choice = reward.is_choice();
        match &entry.step {
            RewardStep::Granted if choice => self.admin_reward_step_choice(),
            RewardStep::Granted => self.admin_reward_step_granted(granted),
            RewardStep::Raised => self.admin_reward_step_raised(amount),
            RewardStep::Approved { by } if by.is_empty() => self.admin_reward_step_approved(),
            RewardStep::Approved { by } => self.admin_reward_step_approved_by(by),
            RewardStep::Activated => self.admin_reward_step_activated(),
            RewardStep::Chosen { option } => self.admin_reward_step_chosen(option),
            RewardStep::Used { source: Some(source) } => self.admin_reward_step_used_as(amount, source),
            RewardStep::Used { source: None } => self.admin_reward_step_used(amount),
            RewardStep::Expired => self.admin_reward_step_expired(amount),
            RewardStep::TakenBack { because, reason } => {
                let refunds: Vec<String> = because.iter().map(|fact| self.cause(fact, currency)).collect();
                let because = match (refunds.is_empty(), reason) {
                    (true, Some(reason)) => self.end_reason(*reason),
                    _ => refunds.join(", "),
                };
                match (choice, because.is_empty()) {
                    (true, true) => self.admin_reward_step_choice_taken(),
                    (true, false) => self.admin_reward_step_choice_taken_because(because),
                    (false, true) => self.admin_reward_step_taken(amount, granted),
                    (false, false) => self.admin_reward_step_taken_because(amount, granted, because),
                }
            }
            RewardStep::GivenBack { .. } if choice => self.admin_reward_step_choice_given(),
            RewardStep::GivenBack { because: Some(fact) } => {
                self.admin_reward_step_given_because(amount, self.fact_of(fact, currency))
            }
            RewardStep::GivenBack { because: None } => self.admin_reward_step_given(amount),
            RewardStep::Ended { by, reason, note } => {
                let why = if note.is_empty() { self.end_reason(*reason) } else { note.clone() };
                match by.is_empty() {
                    true => self.admin_reward_step_cancelled(why),
                    false => self.admin_reward_step_cancelled_by(by, why),
                }
            }
            RewardStep::PaidBack { by } if by.is_empty() => self.admin_reward_step_paid_back(amount),
            RewardStep::PaidBack { by } => self.admin_reward_step_paid_back_by(amount, by),
            RewardStep::WrittenOff { by } if by.is_empty() => self.admin_reward_step_written_off(amount),
            RewardStep::WrittenOff { by } => self.admin_reward_step_written_off_by(amount, by),
        }
    }

    /// What took something back. A refund that failed later did so too.
    fn cause(&self, fact: &Fact, currency: Option<Currency>) -> String {
        let state = fact.state.filter(|_| fact.kind != FactKind::Refund);
        self.fact_of(&Fact { state, ..fact.clone() }, currency)
    }

    fn fact_of(&self, fact: &Fact, currency: Option<Currency>) -> String {
        fact.currency.or(currency).map(|currency| self.fact(fact, currency, false)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use crate::text::english;

    #[test]
    fn every_kind_and_condition_has_words() {
        let kinds = ["account_credit", "choice", "swag"].map(|kind| english().admin_reward_kind(kind));
        assert_eq!(kinds, ["Account credit", "Choice", "swag"]);
        let conditions =
            crate::view_models::reward_pages::CONDITIONS.map(|name| english().admin_reward_condition(name));
        assert_eq!(conditions, ["Needs approval", "Owed", "Paused", "Delivery failed"]);
    }
}
