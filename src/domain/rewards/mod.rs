//! Rewards: what people get for referrals.
//!
//! A *rule* says on what occasion who gets how much. What an occasion earns is worked out in [`earning`], and what
//! stands of a reward after refunds in [`standing`]. A [`reward`] is a row whose amounts move by [`steps`] from one
//! [`place`](ledger::Place) to another; each movement is kept.

pub mod earning;
pub mod hold;
pub mod kind;
pub mod ledger;
pub mod percent;
pub mod refusal;
pub mod reward;
pub mod rule;
pub mod standing;
pub mod steps;
#[cfg(test)]
mod tests;
