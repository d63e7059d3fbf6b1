//! Many codes at once.

use crate::{
    server::api::{bodies::Instant, extract::nullable},
    view_models::bulk_codes::JobState,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Many campaign codes to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBulk {
    #[schema(minimum = 1, maximum = 100000)]
    pub count: i64,
    /// What all the codes begin with: up to 30 of A–Z, 0–9, “_” and “-”, in any case.
    #[schema(max_length = 30, pattern = r"^[A-Za-z0-9_-]*$")]
    pub prefix: Option<String>,
    /// Random characters after the prefix, 8 unless said otherwise; enough for `count` different codes.
    #[schema(minimum = 1, maximum = 20)]
    pub length: Option<i64>,
    #[schema(min_length = 1, max_length = 255)]
    pub description: String,
    #[schema(max_length = 50)]
    pub category: Option<String>,
    /// Of each code; 100 unless said otherwise.
    #[schema(minimum = 1, maximum = 1000000000)]
    pub max_uses: Option<i64>,
    /// In seven days unless said otherwise; null for never.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Instant>)]
    pub expires_at: Option<Option<Instant>>,
    /// The user who is credited.
    pub beneficiary_id: Option<i64>,
    /// True unless said otherwise.
    pub active: Option<bool>,
}

/// How far the creation of many codes is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkBody {
    pub id: i64,
    pub state: BulkState,
    /// Codes that are made; none can be used before all are.
    pub done: i64,
    pub total: i64,
    /// Why it failed: then no code is left of it.
    pub problem: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkState {
    Open,
    Done,
    Failed,
}

impl From<JobState> for BulkState {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Open => Self::Open,
            JobState::Done => Self::Done,
            JobState::Failed => Self::Failed,
        }
    }
}
