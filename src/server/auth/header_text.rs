//! Headers as text. What a browser or a proxy sends may hold any bytes: the rest of it is read all the same.

use axum::http::{HeaderMap, header::AsHeaderName};
use std::borrow::Cow;

/// Bytes of a user agent that are kept.
const MAX_USER_AGENT: usize = 255;

/// The text of a header; empty without one. Bytes that are no UTF-8 become replacement characters.
pub fn header_text(headers: &HeaderMap, name: impl AsHeaderName) -> Cow<'_, str> {
    headers.get(name).map_or(Cow::Borrowed(""), |value| String::from_utf8_lossy(value.as_bytes()))
}

/// As much of a user agent as is kept.
pub fn kept_user_agent(user_agent: &str) -> &str {
    &user_agent[..user_agent.floor_char_boundary(MAX_USER_AGENT)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderValue, header::USER_AGENT};

    #[test]
    fn all_bytes_of_a_header_are_read() {
        let text = |bytes: &[u8]| {
            let headers = HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_bytes(bytes).expect("a header"))]);
            header_text(&headers, USER_AGENT).into_owned()
        };
        assert_eq!(text("Bücher/1".as_bytes()), "Bücher/1");
        assert_eq!(text(b"B\xfccher/1"), "B\u{fffd}cher/1");
        assert_eq!(header_text(&HeaderMap::new(), USER_AGENT), "");
    }

    #[test]
    fn a_user_agent_is_cut_between_characters() {
        assert_eq!(kept_user_agent(&"x".repeat(300)).len(), 255);
        assert_eq!(kept_user_agent(&"ü".repeat(300)).len(), 254);
        assert_eq!(kept_user_agent("ü"), "ü");
    }
}
