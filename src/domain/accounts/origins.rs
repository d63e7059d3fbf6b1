//! The origins of web pages: which pages may use a publishable key.

use crate::domain::{
    message::Message,
    web_address::{ascii_host, authority, written_host},
};
use serde::{Deserialize, Serialize};
use std::net::Ipv6Addr;

/// Origins of one key at most.
pub const MAX_ORIGINS: usize = 20;

/// Ends an origin that stands for every port of the developer's own machine.
const ANY_PORT: &str = ":*";

/// A list of origins in the form in which browsers send them, parted by spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct Origins(String);

impl Origins {
    /// Reads origins that are parted by spaces, commas or lines.
    pub fn parse(text: &str) -> Result<Self, Message> {
        let mut origins: Vec<String> = vec![];
        for part in text.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty()) {
            let wrong = || Message::OriginMalformed { origin: part.chars().take(100).collect() };
            let origin = parse_origin(part).ok_or_else(wrong)?;
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        if (1..=MAX_ORIGINS).contains(&origins.len()) {
            Ok(Self(origins.join(" ")))
        } else {
            Err(Message::OriginCount { max: MAX_ORIGINS })
        }
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|origin| !origin.is_empty())
    }

    /// As they are stored, and shown in a field.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether pages of `origin`, as a browser sends it, are among them.
    pub fn allow(&self, origin: &str) -> bool {
        self.iter().any(|known| match known.strip_suffix(ANY_PORT) {
            Some(host) => origin.strip_prefix(host).is_some_and(is_any_port),
            None => known == origin,
        })
    }
}

fn is_any_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|port| port_number(port).is_some())
}

/// Scheme, host and port in the one form that browsers send; nothing for what is no origin, or more than one.
fn parse_origin(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let (scheme, rest) = lower.split_once("://")?;
    let default_port = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    let place = authority(&lower)?;
    if !matches!(&rest[place.len()..], "" | "/") || place.contains('@') {
        return None;
    }
    let written = written_host(&lower)?;
    let host = match written.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(v6) => format!("[{}]", v6.parse::<Ipv6Addr>().ok()?),
        None => ascii_host(written).filter(|host| !host.is_empty())?,
    };
    let port = match &place[written.len()..] {
        "" => String::new(),
        ANY_PORT if host == "localhost" => ANY_PORT.to_owned(),
        port => match port_number(port.strip_prefix(':')?)? {
            port if port == default_port => String::new(),
            port => format!(":{port}"),
        },
    };
    Some(format!("{scheme}://{host}{port}"))
}

fn port_number(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_the_form_that_browsers_send() {
        for (written, sent) in [
            ("https://shop.example", "https://shop.example"),
            ("HTTPS://Shop.Example/", "https://shop.example"),
            ("https://shop.example:443", "https://shop.example"),
            ("http://shop.example:80", "http://shop.example"),
            ("http://shop.example:443", "http://shop.example:443"),
            ("https://bücher.example:8443", "https://xn--bcher-kva.example:8443"),
            ("http://[2001:DB8::0001]:3000", "http://[2001:db8::1]:3000"),
            ("http://localhost:*", "http://localhost:*"),
            ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
        ] {
            assert_eq!(Origins::parse(written).map(|origins| origins.as_str().to_owned()), Ok(sent.to_owned()));
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for wrong in [
            "shop.example",
            "//shop.example",
            "null",
            "*",
            "https://*",
            "https://*.shop.example",
            "https://shop.example:*",
            "http://localhost.shop.example:*",
            "https://shop.example/path",
            "https://shop.example?x",
            "https://shop.example#x",
            "https://ann@shop.example",
            "https://shop.example:0",
            "https://shop.example:+80",
            "https://shop.example:99999",
            "https://shop.example:",
            "https://",
            "https://shop..example",
            "https://[::1",
            "https://[x]",
            "ftp://shop.example",
            "chrome-extension://abc",
        ] {
            let told = Err(Message::OriginMalformed { origin: wrong.into() });
            assert_eq!(Origins::parse(wrong), told, "{wrong}");
        }
    }

    #[test]
    fn a_list_is_parted_by_anything_and_holds_each_once() {
        let list = Origins::parse(" https://a.example,https://b.example:444\nhttps://A.example ").expect("a list");
        assert_eq!(list.iter().collect::<Vec<_>>(), ["https://a.example", "https://b.example:444"]);
        let many = |count: usize| (0..count).map(|n| format!("https://a{n}.example ")).collect::<String>();
        assert!(Origins::parse(&many(MAX_ORIGINS)).is_ok());
        for wrong in ["", " , ", &many(MAX_ORIGINS + 1)] {
            assert_eq!(Origins::parse(wrong), Err(Message::OriginCount { max: MAX_ORIGINS }));
        }
    }

    #[test]
    fn only_listed_origins_are_allowed() {
        let list = Origins::parse("https://shop.example http://localhost:*").expect("a list");
        for allowed in ["https://shop.example", "http://localhost", "http://localhost:5173"] {
            assert!(list.allow(allowed), "{allowed}");
        }
        for other in [
            "",
            "null",
            "http://shop.example",
            "https://shop.example:8443",
            "https://shop.example.evil.example",
            "https://www.shop.example",
            "https://localhost:5173",
            "http://localhost:",
            "http://localhost:80x",
            "http://localhost.evil.example",
            "http://localhost:*",
            "https://shop.example http://localhost:*",
        ] {
            assert!(!list.allow(other), "{other}");
        }
        assert!(!Origins::default().allow(""));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "(https?://)?[a-z0-9.:/@\\[\\]*-]{0,30}|\\PC{0,30}") {
            if let Ok(origins) = Origins::parse(&text) {
                proptest::prop_assert_eq!(Origins::parse(origins.as_str()), Ok(origins.clone()));
            }
        }
    }
}
