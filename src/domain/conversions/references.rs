//! The names of payments.

use crate::domain::codes::code::Code;
use serde::{Deserialize, Serialize};

/// Whose names of payments are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    Stripe,
    /// The host product, and whoever speaks for it: the API, an admin, a file.
    Host,
}

/// A name of a payment: no two payments share one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reference {
    pub provider: Provider,
    pub id: String,
}

impl Reference {
    /// As Stripe names it: `in_…`, `pi_…`, `ch_…`, `cs_…`.
    pub fn stripe(id: impl Into<String>) -> Self {
        Self { provider: Provider::Stripe, id: id.into() }
    }

    /// As the host product names it.
    pub fn host(id: impl Into<String>) -> Self {
        Self { provider: Provider::Host, id: id.into() }
    }
}

/// A name for what an admin tells of without one: `hand-7KQ2M8XWPA`, one character for every random byte.
pub fn made_name(prefix: &str, random: &[u8]) -> String {
    format!("{prefix}-{}", Code::random(random).as_str())
}
