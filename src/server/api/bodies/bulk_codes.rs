//! Many codes at once.

use crate::{server::api::bodies::code::campaign_body, view_models::bulk_codes::JobState};
use serde::Serialize;
use utoipa::ToSchema;

campaign_body! {
    /// Many campaign codes to make.
    NewBulk {
        #[schema(minimum = 1, maximum = 100000)]
        pub count: i64,
        /// What all the codes begin with: up to 30 of A–Z, 0–9, “_” and “-”, in any case.
        #[schema(max_length = 30, pattern = r"^[A-Za-z0-9_-]*$")]
        pub prefix: Option<String>,
        /// Random characters after the prefix, enough for `count` different codes. Unless said otherwise 8, or
        /// `random_code_length` where that is more.
        #[schema(minimum = 1, maximum = 20)]
        pub length: Option<i64>,
    }
}

/// How far the creation of many codes is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BulkJob)]
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
