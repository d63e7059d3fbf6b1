//! Rewards on the pages of admins.

use crate::{
    domain::{
        conversions::facts::Fact,
        ids::{PaymentId, RewardId, RuleId, UserId, WebhookDeliveryId},
        query_string::address,
        rewards::{refusal::RefusalReason, reward::EndReason},
        time::Time,
    },
    view_models::{
        conversions::Conversion,
        rewards::{RewardRow, RewardView},
    },
};
use serde::{Deserialize, Serialize};

/// What the list of rewards is asked for, as it stands in its address; what is empty asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardQuery {
    /// Who gets them: an e-mail, a username or an id of the host product, in full.
    pub person: String,
    /// The name of a state, or of one of [`CONDITIONS`].
    pub state: String,
    pub kind: String,
    /// The id of a rule.
    pub rule: String,
}

/// What rewards can be asked for besides their states: those that wait for an admin, of which something is owed, that
/// are frozen, of which the host product could not be told.
pub const CONDITIONS: [&str; 4] = ["approval", "owed", "frozen", "failed"];

impl RewardQuery {
    /// The address of a list that is asked for the same, from `after` on.
    pub fn address(&self, path: &str, after: &str) -> String {
        let Self { person, state, kind, rule } = self;
        address(path, &[("person", person), ("state", state), ("kind", kind), ("rule", rule), ("after", after)])
    }

    /// Whether it asks for all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A page of rewards, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardsPage {
    pub query: RewardQuery,
    pub rows: Vec<RewardRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// The kinds that can be asked for.
    pub kinds: Vec<String>,
    /// The rules that can be asked for, with what admins call them.
    pub rules: Vec<(RuleId, String)>,
}

/// One reward with its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardPageData {
    pub row: RewardRow,
    /// When what it is for happened.
    pub happened_at: Time,
    /// What was used of it.
    pub used: i64,
    /// What was owed and has been paid back.
    pub paid_back: i64,
    /// Whether it can still be ended by hand.
    pub can_void: bool,
    /// What admins call the rule that gave it.
    pub rule: String,
    /// Whether that rule is there no more.
    pub rule_deleted: bool,
    /// The payment that it is for.
    pub payment: Option<Conversion>,
    /// The choice that it was picked from.
    pub choice: Option<RewardId>,
    /// The latest message to the host product that says that it can be used.
    pub told_by: Option<WebhookDeliveryId>,
    /// What was picked from it.
    pub picked: Vec<RewardView>,
    /// In the order in which it happened.
    pub history: Vec<HistoryEntry>,
}

/// A step in the history of a reward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    pub at: Time,
    pub step: RewardStep,
    /// What moved, in the units of the reward; 0 for nothing.
    pub amount: i64,
}

/// What happened to a reward. `by` is who did it, as they were called then; empty where that is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RewardStep {
    Granted,
    /// More was paid than was told at first.
    Raised,
    Approved {
        by: String,
    },
    Activated,
    Chosen {
        option: String,
    },
    /// All of it, or a part.
    Used {
        /// The host product's name of it.
        source: Option<String>,
    },
    Expired,
    TakenBack {
        /// The refunds and disputes that took it.
        because: Vec<Fact>,
        /// Another cause, where it is known.
        reason: Option<EndReason>,
    },
    GivenBack {
        /// The refund that failed, where it is known.
        because: Option<Fact>,
    },
    Ended {
        by: String,
        reason: EndReason,
        /// In the words of whoever ended it.
        note: String,
    },
    PaidBack {
        by: String,
    },
    WrittenOff {
        by: String,
    },
}

/// A reward that was not given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalRow {
    /// The rule that would have given it; nothing for a choice.
    pub rule: Option<RuleId>,
    pub user_id: UserId,
    /// Who would have got it; empty when their account is gone.
    pub recipient: String,
    /// The payment that it would have been for.
    pub payment: Option<PaymentId>,
    pub reason: RefusalReason,
    pub refused_at: Time,
}
