//! Rewards, balances and rules.

use crate::domain::{
    cursor::Cursor,
    ids::{PaymentId, RewardId, RuleId, UserId},
    rewards::{
        hold::Holds,
        kind,
        reward::{Delivery, EndReason, RewardState},
        rule::{Recipient, RuleTerms},
    },
    time::{Time, optional_rfc_3339, rfc_3339},
};
use serde::{Deserialize, Serialize};

/// A reward, as the API, events and pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = Reward))]
pub struct RewardView {
    #[cfg_attr(feature = "ssr", schema(value_type = i64))]
    pub id: RewardId,
    #[cfg_attr(feature = "ssr", schema(value_type = i64))]
    pub rule_id: RuleId,
    pub rule_version: i64,
    #[cfg_attr(feature = "ssr", schema(value_type = i64))]
    pub user_id: UserId,
    pub recipient: Recipient,
    /// The referral that it is for.
    pub referral_id: Option<i64>,
    /// The payment that it is for.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<i64>))]
    pub conversion_id: Option<PaymentId>,
    /// `choice` while one of several has to be picked.
    pub kind: String,
    pub unit: Option<String>,
    /// What stands of it, in smallest units of the currency or whole units.
    pub amount: i64,
    /// What it was made with.
    pub granted: i64,
    /// What of it can be used now.
    pub available: i64,
    /// What was used and is taken back, so that it has to be paid back.
    pub owed: i64,
    pub currency: Option<String>,
    pub description: String,
    pub state: RewardState,
    /// Whether a dispute or a review stops every step.
    pub frozen: bool,
    /// What can be picked from; empty for what is no choice.
    pub choices: Vec<RewardOption>,
    /// The option that was picked.
    pub chosen: Option<String>,
    pub delivery: Delivery,
    /// Whether it waits for an admin.
    pub needs_approval: bool,
    #[serde(with = "rfc_3339")]
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub hold_until: Time,
    #[serde(with = "optional_rfc_3339")]
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub valid_from: Option<Time>,
    #[serde(with = "optional_rfc_3339")]
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub valid_until: Option<Time>,
    #[serde(with = "optional_rfc_3339")]
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub redeemed_at: Option<Time>,
    /// Why it was taken away or back: in an admin's words, or `refunded`, `duplicate`, `not_counted`, `corrected`,
    /// `not_chosen`, `erased`.
    pub reason: Option<String>,
    #[serde(with = "rfc_3339")]
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Time,
    /// Grows with every change.
    pub version: i64,
}

impl RewardView {
    /// Where the page after this row begins.
    pub fn cursor(&self) -> Cursor {
        Cursor::of_id(self.id.0)
    }

    /// The reason by its name, where no person wrote it.
    pub fn end_reason(&self) -> Option<EndReason> {
        let reason = self.reason.as_deref()?;
        EndReason::ALL.iter().copied().find(|known| known.as_str() == reason)
    }
}

/// One of several rewards, or sets of rewards, that can be picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RewardOption {
    /// Its name, by which it is picked.
    pub option: String,
    pub rewards: Vec<OptionReward>,
}

/// What an option gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OptionReward {
    #[cfg_attr(feature = "ssr", schema(value_type = i64))]
    pub rule_id: RuleId,
    pub rule_version: i64,
    pub kind: String,
    pub unit: Option<String>,
    pub amount: i64,
    pub currency: Option<String>,
    pub description: String,
}

impl RewardView {
    /// Whether it is a choice between options.
    pub fn is_choice(&self) -> bool {
        self.kind == kind::CHOICE
    }
}

/// What somebody has of a kind, in one currency or unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Balance {
    pub kind: String,
    pub unit: Option<String>,
    pub currency: Option<String>,
    /// On hold.
    pub pending: i64,
    /// What can be used.
    pub available: i64,
    /// What could be used if no dispute or review stopped it.
    pub frozen: i64,
    pub redeemed: i64,
    pub expired: i64,
    /// What was used and taken back since.
    pub owed: i64,
}

/// A use of a balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct BalanceUse {
    pub id: i64,
    pub kind: String,
    pub unit: Option<String>,
    pub currency: Option<String>,
    pub amount: i64,
    pub source_id: String,
    #[serde(with = "rfc_3339")]
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub used_at: Time,
    /// What it took from which reward.
    pub taken: Vec<Taken>,
}

/// A part of a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Taken {
    #[cfg_attr(feature = "ssr", schema(value_type = i64))]
    pub reward_id: RewardId,
    pub amount: i64,
}

/// A rule, as the API and pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = Rule))]
pub struct RuleView {
    #[cfg_attr(feature = "ssr", schema(value_type = i64))]
    pub id: RuleId,
    /// Grows with every change; rewards name the version that made them.
    pub version: i64,
    #[serde(flatten)]
    pub terms: RuleTerms,
}

impl RuleView {
    /// Where the page after this row begins.
    pub fn cursor(&self) -> Cursor {
        Cursor::of_id(self.id.0)
    }
}

/// A rule on the page of rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRow {
    pub rule: RuleView,
    /// Rewards that it gave this month.
    pub given: i64,
    /// What stands of them, an amount for each unit or currency.
    pub cost: Vec<String>,
}

/// All rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesPage {
    pub rows: Vec<RuleRow>,
    pub holds: Holds,
}

/// What the form of a rule begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFormData {
    /// Nothing for a rule that is not made yet.
    pub rule: Option<RuleView>,
    /// The program's.
    pub currency: String,
    pub holds: Holds,
    /// Rewards that versions so far have made, and that a change does not touch.
    pub made: i64,
}

/// A reward beside who gets it and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardRow {
    pub reward: RewardView,
    /// The recipient's username; empty when their account is gone.
    pub recipient: String,
    pub referee_id: UserId,
    /// The text of what it was given for.
    pub occasion: String,
    /// The friend's username; empty when their account is gone.
    pub referee: String,
}

/// A reward on its recipient's dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardCard {
    pub id: RewardId,
    pub state: RewardState,
    pub kind: String,
    /// Whether it can be redeemed.
    pub usable: bool,
    /// What it is, in words: `$10.00`, `7 days of Pro`.
    pub title: String,
    /// What stands of it: `$5.00`; empty for a choice.
    pub amount: String,
    /// What it was made with, where that is something else: `of $10.00`.
    pub was: String,
    /// What it is for.
    pub because: String,
    /// How it stands, with the time that is left.
    pub status: String,
    /// Whether it is paused.
    pub frozen: bool,
    /// The options of a choice that can be made in words, by their names.
    pub options: Vec<(String, String)>,
}

/// All that a dashboard shows of rewards; also what live updates send.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardCards {
    pub cards: Vec<RewardCard>,
    pub balances: Vec<BalanceText>,
    /// Whether there are more than are shown.
    pub more: bool,
}

/// A balance in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceText {
    pub kind: String,
    /// `$30.00 available`.
    pub available: String,
    /// `$10.00 on hold`; empty for nothing.
    pub pending: String,
    /// `$10.00 paused`; empty for nothing.
    pub frozen: String,
    /// `$5.00 to be paid back`; empty for nothing.
    pub owed: String,
}

/// What both sides get when somebody joins, in words; empty for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    pub friend: String,
    pub referrer: String,
}

/// The words of the list of rewards, which are made on the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardWords {
    pub redeem: String,
    pub choose: String,
    pub offline: String,
    pub earlier: String,
    pub more: String,
    pub none: String,
    pub none_note: String,
    pub share: String,
}

/// A form about a reward that was refused: which one, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedReward {
    pub id: String,
    pub message: String,
}
