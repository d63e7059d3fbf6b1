//! Rewards and balances.

use crate::{
    domain::rewards::reward::{Delivery, RewardState},
    view_models::rewards::Balance,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which rewards are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RewardsQuery {
    pub state: Option<RewardState>,
    pub kind: Option<String>,
    /// Who gets them.
    pub user_id: Option<i64>,
    /// The host product's id of the workspace of who gets them.
    pub account_id: Option<String>,
    pub delivery: Option<Delivery>,
    /// How many rows, 50 unless said otherwise.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// A redemption.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Redemption {
    /// The host product's name of it: the same one again changes nothing.
    #[schema(max_length = 255)]
    #[serde(default)]
    pub source_id: Option<String>,
}

/// Which of several rewards is picked.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The name of one of the options.
    pub option: String,
}

/// Why a reward is ended.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Voiding {
    /// The recipient reads it.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Nothing more has to be said.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A use of a balance.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUse {
    /// Whole units of the kind, or smallest units of the currency.
    #[schema(minimum = 1, maximum = 1000000000000_i64)]
    pub amount: i64,
    /// The host product's name of it, by which it is counted once.
    #[schema(min_length = 1, max_length = 255)]
    pub source_id: String,
    /// Needed where there are several.
    #[schema(pattern = r"^\s*[A-Za-z]{3}\s*$")]
    #[serde(default)]
    pub currency: Option<String>,
    /// Needed where there are several.
    #[schema(max_length = 30)]
    #[serde(default)]
    pub unit: Option<String>,
}

/// All balances of a user.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Balances {
    pub data: Vec<Balance>,
}
