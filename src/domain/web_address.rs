//! Addresses of web pages, as far as the rules look at them.

/// What stands between the scheme and the path of an address: host and port, and the user name if there is one.
pub fn authority(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())
}

/// The host of an address, in lower case, without user name and port.
pub fn host(address: &str) -> Option<String> {
    let host = authority(address)?.rsplit('@').next()?.split(':').next()?.to_ascii_lowercase();
    (!host.is_empty() && host.len() <= 253).then_some(host)
}

/// Whether it is a full http or https address without spaces, control characters or a user name.
pub fn is_web_address(text: &str) -> bool {
    let scheme = text.starts_with("https://") || text.starts_with("http://");
    let plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>');
    let named = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']');
    scheme
        && text.len() <= 500
        && text.bytes().all(plain)
        && authority(text).is_some_and(|host| host.bytes().all(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_is_left_of_an_address() {
        assert_eq!(host("https://News.Example:8443/path?q=secret#x").as_deref(), Some("news.example"));
        assert_eq!(host("https://user:pass@a.example/").as_deref(), Some("a.example"));
        assert_eq!(host("about:blank"), None);
    }

    #[test]
    fn a_web_address_is_full_and_plain() {
        for good in ["https://example.com", "http://[::1]:3000/a?b=c#d", "https://cdn.example:8443/a/b.svg"] {
            assert!(is_web_address(good), "{good}");
        }
        for wrong in
            ["example.com", "//example.com", "https://", "https://a b", "https://u@a.example", "ftp://a.example"]
        {
            assert!(!is_web_address(wrong), "{wrong}");
        }
    }
}
