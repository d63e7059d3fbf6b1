//! What one message says of a payment.

use crate::domain::conversions::facts::Fact;
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

/// What one message says of one payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentMessage {
    pub references: Vec<Reference>,
    pub clues: Vec<Clue>,
    pub facts: Vec<Fact>,
    /// Whether real money moved.
    pub livemode: bool,
}
