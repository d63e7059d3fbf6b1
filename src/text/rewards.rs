//! Rewards, in words.

use crate::{domain::rewards::reward::RewardProblem, text::Texts};

impl Texts {
    /// Why a step was refused, for the recipient.
    pub(crate) fn reward_problem(&self, problem: RewardProblem) -> String {
        match problem {
            RewardProblem::AlreadyRedeemed => self.reward_problem_already_redeemed(),
            RewardProblem::Expired => self.reward_problem_expired(),
            RewardProblem::OnHold => self.reward_problem_on_hold(),
            RewardProblem::Frozen => self.reward_problem_frozen(),
            RewardProblem::ChoicePending => self.reward_problem_choice_pending(),
            RewardProblem::Voided => self.reward_problem_voided(),
            RewardProblem::Reversed => self.reward_problem_reversed(),
            RewardProblem::AlreadyChosen => self.reward_problem_already_chosen(),
            RewardProblem::NotPending => self.reward_problem_not_pending(),
            RewardProblem::OptionUnknown => self.reward_problem_option_unknown(),
            RewardProblem::CapReached => self.reward_problem_cap_reached(),
            RewardProblem::InsufficientBalance => self.reward_problem_insufficient_balance(),
            RewardProblem::NothingOwed => self.reward_problem_nothing_owed(),
        }
    }
}
