//! Queries of addresses: reading and writing them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Text as it stands in a query.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// An address with its query; empty values are left out.
pub fn address(path: &str, query: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(if out.len() == path.len() { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        out.extend(utf8_percent_encode(value, RESERVED));
    }
    out
}

/// All parameters of a query, decoded.
pub fn query_values(query: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

/// The first value of a query parameter, decoded.
pub fn query_value(query: Option<&str>, name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    values.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_safe_for_any_text() {
        assert_eq!(encode("a b&c=ü/?"), "a%20b%26c%3D%C3%BC%2F%3F");
    }

    #[test]
    fn addresses_carry_what_is_not_empty() {
        assert_eq!(address("/a", &[("q", ""), ("b", "x y"), ("c", "1")]), "/a?b=x%20y&c=1");
        assert_eq!(address("/a", &[("q", "")]), "/a");
    }

    #[test]
    fn query_values_are_decoded() {
        assert_eq!(query_value(Some("a=1&ref=x%20y"), "ref").as_deref(), Some("x y"));
        assert_eq!(query_value(Some("a=1"), "ref"), None);
        assert_eq!(query_values(Some("a=1+2&a=3")), [("a".into(), "1 2".into()), ("a".into(), "3".into())]);
    }
}
