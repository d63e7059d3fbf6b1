//! What is sent: an event as the API answers it, with the `timestamp` that Standard Webhooks asks for.

use crate::domain::time::{Time, rfc_3339};
use serde::Serialize;
use serde_json::Value;

/// The body of a message.
#[derive(Serialize)]
struct Body<'a> {
    /// The number of the event; 0 for a test.
    id: i64,
    r#type: &'a str,
    #[serde(with = "rfc_3339")]
    timestamp: Time,
    #[serde(with = "rfc_3339")]
    created_at: Time,
    version: i64,
    data: Data,
}

#[derive(Serialize)]
struct Data {
    object: Value,
}

/// The body of a message about an event; `object` is JSON.
pub fn body(event: Option<i64>, kind: &str, version: i64, object: &str, occurred_at: Time) -> String {
    let body = Body {
        id: event.unwrap_or_default(),
        r#type: kind,
        timestamp: occurred_at,
        created_at: occurred_at,
        version,
        data: Data { object: serde_json::from_str(object).unwrap_or_default() },
    };
    serde_json::to_string(&body).unwrap_or_default()
}

/// The id of the message about an event.
pub fn message_id(event: i64) -> String {
    format!("evt_{event}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_the_event_with_a_timestamp() {
        let sent = body(Some(7), "user.created", 3, r#"{"id":9,"email":null}"#, Time(1_794_656_000_125));
        let at = "2026-11-14T11:33:20.125Z";
        assert_eq!(
            serde_json::from_str::<Value>(&sent).expect("JSON"),
            serde_json::json!({
                "id": 7, "type": "user.created", "timestamp": at, "created_at": at, "version": 3,
                "data": {"object": {"id": 9, "email": null}},
            })
        );
        assert_eq!(message_id(7), "evt_7");
    }
}
