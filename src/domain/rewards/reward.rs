//! One reward: its amounts, its state, and what follows from them. The steps that change them are in
//! [`steps`](super::steps).

use crate::domain::{
    ids::{PaymentId, RewardId, RuleId, UserId},
    names::names,
    rewards::{kind, ledger::Movement, rule::Recipient},
    time::Time,
};
use serde::{Deserialize, Serialize};

names! {
    /// How far a reward is.
    RewardState {
        /// It waits: for the end of its hold, for approval, for a choice.
        Pending = "pending",
        /// It can be used.
        Active = "active",
        /// All that there was of it is used.
        Redeemed = "redeemed",
        /// Its time is over, and something of it was not used.
        Expired = "expired",
        /// It was taken away before it was active.
        Voided = "voided",
        /// It was taken back after it was active.
        Reversed = "reversed",
    }
}

impl RewardState {
    /// Whether there are steps before it that come by themselves or that its recipient takes.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Active)
    }
}

names! {
    /// Whether the host product knows that a reward is active.
    Delivery {
        /// There is nothing to know yet.
        None = "none",
        Waiting = "waiting",
        Delivered = "delivered",
        Failed = "failed",
    }
}

names! {
    /// Why a reward was taken away or back.
    EndReason {
        /// The payment was refunded, or a dispute lost.
        Refunded = "refunded",
        /// The payment turned out to be the same as another one.
        Duplicate = "duplicate",
        /// The payment counts no longer.
        NotCounted = "not_counted",
        /// Another code is credited for the friend.
        Corrected = "corrected",
        /// Fewer friends count than the milestone asks for.
        BelowMilestone = "below_milestone",
        /// Nobody picked one of the options in time.
        NotChosen = "not_chosen",
        /// The recipient's account is erased.
        Erased = "erased",
        /// An admin has ended it.
        Cancelled = "cancelled",
        /// An admin has found that its referral is none.
        Rejected = "rejected",
    }
}

impl EndReason {
    /// Whether a person has decided it, so that no payment brings the reward back.
    pub fn is_final(self) -> bool {
        matches!(self, Self::NotChosen | Self::Erased | Self::Cancelled | Self::Rejected)
    }
}

/// Why a step was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RewardProblem {
    AlreadyRedeemed,
    Expired,
    /// Its hold is not over, or it waits for approval.
    OnHold,
    /// A dispute or a review stops every step.
    Frozen,
    /// One of the options has to be picked first.
    ChoicePending,
    Voided,
    Reversed,
    /// The choice was made before.
    AlreadyChosen,
    /// It is not on hold.
    NotPending,
    /// There is no such option.
    OptionUnknown,
    /// The caps of all rules of the option are reached.
    CapReached,
    /// There is not as much of the kind.
    InsufficientBalance,
    /// Nothing is owed.
    NothingOwed,
}

/// A reward as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
#[serde(deny_unknown_fields)]
pub struct Reward {
    pub id: RewardId,
    /// The rule that gave it; of a choice, the one that the choice is first about.
    pub rule_id: RuleId,
    pub rule_version: i64,
    /// `rule:ID`, or `group:NAME` for a choice.
    pub granted_by: String,
    pub user_id: UserId,
    pub recipient: Recipient,
    /// The text of an [`Occasion`](crate::domain::rewards::earning::Occasion).
    pub occasion: String,
    pub referee_id: UserId,
    pub referral_id: Option<i64>,
    pub referrer_id: Option<UserId>,
    pub payment_id: Option<PaymentId>,
    /// The choice that it was picked from.
    pub choice_id: Option<RewardId>,
    /// What can be picked, as JSON; empty for what is no choice.
    pub options: String,
    pub kind: String,
    pub unit: Option<String>,
    pub currency: Option<String>,
    pub description: String,
    /// What it was made with.
    pub granted: i64,
    pub issued: i64,
    pub pending: i64,
    /// Less than nothing is owed.
    pub available: i64,
    pub redeemed: i64,
    pub expired: i64,
    pub void: i64,
    /// What was owed and is paid back.
    pub settled: i64,
    /// What stands whatever is taken back, because nobody is asked for it.
    pub spared: i64,
    pub state: RewardState,
    pub frozen_at: Option<Time>,
    pub hold_until: Time,
    pub needs_approval: bool,
    pub approved_at: Option<Time>,
    pub activated_at: Option<Time>,
    pub valid_days: Option<i64>,
    pub valid_from: Option<Time>,
    /// Of a choice, until when it can be made.
    pub valid_until: Option<Time>,
    pub redeemed_at: Option<Time>,
    /// The host product's name of the redemption, or the option that was picked.
    pub redeemed_as: Option<String>,
    pub delivery: Delivery,
    /// When a person ended it.
    pub cancelled_at: Option<Time>,
    pub reason: Option<EndReason>,
    /// In the words of whoever ended it.
    pub note: Option<String>,
    pub happened_at: Time,
    /// When its next step comes by itself.
    pub due_at: Option<Time>,
    pub created_at: Time,
    pub version: i64,
    /// What has moved since it was read.
    #[cfg_attr(feature = "ssr", sqlx(skip))]
    #[serde(skip)]
    pub moved: Vec<Movement>,
}

/// What a reward is made with.
#[derive(Clone, Debug)]
pub struct NewReward {
    pub rule_id: RuleId,
    pub rule_version: i64,
    pub granted_by: String,
    pub user_id: UserId,
    pub recipient: Recipient,
    pub occasion: String,
    pub referee_id: UserId,
    pub referral_id: Option<i64>,
    pub referrer_id: Option<UserId>,
    pub payment_id: Option<PaymentId>,
    pub choice_id: Option<RewardId>,
    pub options: String,
    pub kind: String,
    pub unit: Option<String>,
    pub currency: Option<String>,
    pub description: String,
    pub granted: i64,
    pub hold_until: Time,
    pub needs_approval: bool,
    pub valid_days: Option<i64>,
    pub happened_at: Time,
    pub created_at: Time,
}

impl Reward {
    /// What stands of it: all that was given less what was taken back.
    pub fn stands(&self) -> i64 {
        self.issued - self.void
    }

    /// What has to be paid back.
    pub fn owed(&self) -> i64 {
        (-self.available).max(0)
    }

    /// Whether it is a choice between options.
    pub fn is_choice(&self) -> bool {
        self.kind == kind::CHOICE
    }

    /// Whether it is frozen.
    pub fn is_frozen(&self) -> bool {
        self.frozen_at.is_some()
    }

    /// The state at a time: what has expired is so before anybody has noticed.
    pub fn state_at(&self, now: Time) -> RewardState {
        if self.state == RewardState::Active && self.is_over(now) { RewardState::Expired } else { self.state }
    }

    /// What can be used at a time.
    pub fn usable_at(&self, now: Time) -> i64 {
        if self.is_frozen() || self.is_over(now) { 0 } else { self.available.max(0) }
    }

    /// Whether its time has passed.
    pub(super) fn is_over(&self, now: Time) -> bool {
        !self.is_frozen() && self.valid_until.is_some_and(|until| until <= now)
    }
}
