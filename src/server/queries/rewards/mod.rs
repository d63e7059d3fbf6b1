//! Rewards and their rules.

pub mod get_reward;
pub mod list_refusals;
pub mod list_rewards;
pub mod own_rewards;
pub mod reward_history;
pub mod rules;
pub mod welcome;
