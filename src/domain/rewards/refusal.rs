//! Why a reward was not given.

use serde::{Deserialize, Serialize};

/// Why a reward was not given when its occasion came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// The referrer, or the referral, has as many as the rule gives.
    CapReached,
    /// The budget of the rule is spent.
    BudgetSpent,
    /// The account is disabled or gone.
    NoAccount,
}
