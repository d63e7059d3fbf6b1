//! Rewards and their rules.

pub mod advance_rewards;
pub mod approve_rewards;
pub mod cap_period;
pub mod caps;
pub mod choose_option;
pub mod create_rule;
pub mod decide_rewards;
pub mod delete_rule;
pub mod forfeit_rewards;
pub mod grant_rewards;
pub mod mark_delivered;
pub mod mark_undelivered;
pub mod merge_rewards;
pub mod own_reward;
pub mod redeem_reward;
pub mod refused_step;
pub mod rule_form;
pub mod rule_group;
pub mod save_rewards;
pub mod settle_debt;
pub mod settle_milestones;
pub mod settle_rewards;
pub mod standard_rules;
pub mod update_rule;
pub mod use_balance;
pub mod void_rewards;
