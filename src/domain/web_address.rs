//! Addresses of web pages, as far as the rules look at them.

use idna::{
    AsciiDenyList,
    uts46::{DnsLength, Hyphens, Uts46},
};
use std::net::Ipv6Addr;

/// What stands between the scheme and the path of an address: host and port, and the user name if there is one.
pub fn authority(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())
}

/// The host of an address in its one form, without user name and port.
pub fn host(address: &str) -> Option<String> {
    let host = written_host(address)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'[' | b']' | b':');
    let host = if host.bytes().all(plain) { host.to_ascii_lowercase() } else { ascii_host(host)? };
    (!host.is_empty() && host.len() <= 253).then_some(host)
}

/// The host of an address as it stands there; that of IPv6 in its brackets.
pub fn written_host(address: &str) -> Option<&str> {
    let host = authority(address)?.rsplit('@').next()?;
    match host.find(']') {
        Some(end) if host.starts_with('[') => host.get(..=end),
        _ => host.split(':').next(),
    }
}

/// A host name in the one form that name servers know: lower case, other scripts as `xn--…`. Nothing for what cannot be
/// a name there.
pub fn ascii_host(host: &str) -> Option<String> {
    let names = Uts46::new();
    let ascii = names.to_ascii(host.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify);
    ascii.ok().map(String::from)
}

/// A host name as people write it.
pub fn readable_host(host: &str) -> String {
    let (readable, problem) = Uts46::new().to_unicode(host.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    if problem.is_ok() { readable.into_owned() } else { host.to_owned() }
}

/// Whether it is a full http or https address without spaces, control characters or a user name.
pub fn is_web_address(text: &str) -> bool {
    let scheme = text.starts_with("https://") || text.starts_with("http://");
    let plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>');
    let named = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']');
    scheme
        && text.len() <= 500
        && text.bytes().all(plain)
        && authority(text).is_some_and(|authority| authority.bytes().all(named) && leads_somewhere(authority, text))
}

/// Whether host and port can be ones.
fn leads_somewhere(authority: &str, address: &str) -> bool {
    let host = written_host(address).unwrap_or_default();
    let host_ok = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(v6) => v6.parse::<Ipv6Addr>().is_ok(),
        None => !host.contains(['[', ']']) && !host.split('.').any(str::is_empty),
    };
    let port = &authority[host.len()..];
    host_ok
        && (port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse().is_ok_and(|port: u16| port > 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_is_left_of_an_address() {
        assert_eq!(host("https://News.Example:8443/path?q=secret#x").as_deref(), Some("news.example"));
        assert_eq!(host("https://user:pass@a.example/").as_deref(), Some("a.example"));
        assert_eq!(host("http://[2001:DB8::1]:3000/x").as_deref(), Some("[2001:db8::1]"));
        assert_eq!(host("https://my_host:80").as_deref(), Some("my_host"));
        for none in
            ["about:blank", "https://", "https://:80/", "https://a b/", "https://a\u{1}b/", "https://a\u{fffd}b"]
        {
            assert_eq!(host(none), None, "{none}");
        }
    }

    #[test]
    fn a_host_has_one_form() {
        for same in ["https://bücher.example/", "https://xn--bcher-kva.example/ü", "https://BÜCHER.example:443"] {
            assert_eq!(host(same).as_deref(), Some("xn--bcher-kva.example"), "{same}");
        }
        assert_eq!(readable_host("xn--bcher-kva.example"), "bücher.example");
        assert_eq!(readable_host("xn--a.example"), "xn--a.example");
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
        for nowhere in [
            "https://a..example/x",
            "https://.example",
            "https://a.example.",
            "https://a.example:99999",
            "https://a.example:0/x",
            "https://a.example:",
            "https://:80",
            "https://[::1",
            "https://[x]:80",
            "https://[::1]x",
        ] {
            assert!(!is_web_address(nowhere), "{nowhere}");
        }
    }
}
