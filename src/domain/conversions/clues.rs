//! What tells who has paid.

use serde::{Deserialize, Serialize};

/// How a message names who has paid; the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "TEXT", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum ClueKind {
    /// An admin said so, by our id.
    Admin,
    /// Our id, as the API was told.
    Id,
    /// The host product's id, as the API was told.
    ExternalId,
    /// Metadata `passalong_user`: the host product's id, or ours.
    Metadata,
    /// `client_reference_id`: the host product's id, or ours.
    ClientReference,
    /// Stripe's id of the customer: whoever it belonged to before.
    Customer,
    /// An e-mail as it is stored.
    Email,
}

impl ClueKind {
    /// Whether the host product or an admin named the person, so that two of them who differ are two people.
    pub fn is_explicit(self) -> bool {
        self < Self::Customer
    }
}

/// One way in which a message names who has paid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Clue {
    pub kind: ClueKind,
    pub value: String,
}
