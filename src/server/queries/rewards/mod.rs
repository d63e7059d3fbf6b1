//! Rewards and their rules.

pub mod rules;
