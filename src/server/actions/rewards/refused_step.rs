//! The answer to a step that a reward does not take.

use crate::{
    domain::rewards::reward::{Reward, RewardProblem},
    error::AppError,
};

/// Why a reward, one of `count` for which the same was asked, refuses: by its number where there are several.
pub fn error(reward: &Reward, count: usize, problem: RewardProblem) -> AppError {
    match count {
        0 | 1 => AppError::Reward(problem),
        _ => AppError::OneOfRewards { id: reward.id, problem },
    }
}
