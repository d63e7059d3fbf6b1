//! What is wrong with one field of a form.

use crate::domain::message::Message;
use serde::{Deserialize, Serialize};

/// A message about one field; `field` is empty when it is about the whole form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub message: Message,
}
