//! Lists as JSON text, the form in which both databases take them as parameters.

use serde::Serialize;

/// A value of numbers, text and lists as JSON.
pub fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("lists of numbers and text are JSON")
}
