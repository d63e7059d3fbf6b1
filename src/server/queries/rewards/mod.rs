//! Rewards and their rules.

pub mod own_rewards;
pub mod rules;
pub mod welcome;
