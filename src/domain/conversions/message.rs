//! What one message says of a payment.

use crate::domain::conversions::{clues::Clue, facts::Fact, references::Reference};
use serde::{Deserialize, Serialize};

/// What one message says of one payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentMessage {
    pub references: Vec<Reference>,
    pub clues: Vec<Clue>,
    pub facts: Vec<Fact>,
    /// Whether real money moved.
    pub livemode: bool,
    /// Whether it may earn rewards.
    pub earns: bool,
}
