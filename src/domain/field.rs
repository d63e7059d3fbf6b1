//! What is wrong with one field of a form.

use serde::{Deserialize, Serialize};

/// A sentence about one field; `field` is empty when it is about the whole form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// What is wrong with all fields, in one line.
pub fn sentences(errors: &[FieldError]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" ")
}
