//! Lists as JSON text, which both databases take apart alike.

use serde::Serialize;

/// A value of numbers, text and lists as JSON.
pub fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("lists of numbers and text are JSON")
}
