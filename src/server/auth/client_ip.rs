//! The address that a request comes from.

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap},
};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// The peer, or behind trusted proxies the last hop that is not one of them.
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let trusts = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip.to_canonical()));
        let mut client = peer.to_canonical();
        if !trusts(client) {
            return Self(client);
        }
        let hops: Vec<&[u8]> = headers
            .get_all("x-forwarded-for")
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .map(<[u8]>::trim_ascii)
            .filter(|hop| !hop.is_empty())
            .collect();
        for hop in hops.into_iter().rev() {
            // What cannot be read was not written by a trusted proxy, nor is what stands before it to be believed.
            let Some(ip) = str::from_utf8(hop).ok().and_then(parse_address) else { break };
            client = ip;
            if !trusts(client) {
                break;
            }
        }
        Self(client)
    }

    /// The client of a request, read from what axum has put beside it.
    pub fn of_request(headers: &HeaderMap, extensions: &Extensions, trusted: &[IpNet]) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |c| c.0.ip());
        Self::of(peer, headers, trusted)
    }

    /// The network that is kept instead of the address: /24 or /48.
    pub fn network(&self) -> String {
        let bits = if self.0.is_ipv4() { 24 } else { 48 };
        IpNet::new(self.0, bits).map(|net| net.trunc().to_string()).unwrap_or_default()
    }

    /// The bytes that a visitor's hash is made of.
    pub fn key(&self) -> [u8; 16] {
        match self.0 {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            IpAddr::V6(v6) => v6.octets(),
        }
    }
}

/// Reads an address as proxies and host products write it: bare, in brackets, with a port, with a zone. IPv4 in IPv6
/// becomes IPv4.
pub fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let (address, port) = match (text.strip_prefix('['), text.split_once(':')) {
        (Some(rest), _) => rest.split_once(']')?,
        // Of two colons none stands before a port.
        (None, Some((address, port))) if !port.contains(':') => (address, &text[address.len()..]),
        _ => (text, ""),
    };
    let port_ok = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    let ip: IpAddr = address.split('%').next()?.parse().ok()?;
    (port_ok && !(text.starts_with('[') && ip.is_ipv4())).then(|| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).expect("a header"));
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().expect("a network")).collect();
        ClientIp::of(peer.parse().expect("an address"), &headers, &trusted).0.to_string()
    }

    #[test]
    fn forwarded_addresses_are_believed_from_trusted_proxies_only() {
        assert_eq!(client("192.0.2.9", &["203.0.113.5"], &[]), "192.0.2.9");
        assert_eq!(client("10.0.0.1", &["203.0.113.5"], &["10.0.0.0/8"]), "203.0.113.5");
        assert_eq!(client("::ffff:10.0.0.1", &["203.0.113.5"], &["10.0.0.0/8"]), "203.0.113.5");
    }

    #[test]
    fn the_last_hop_that_is_not_trusted_is_the_client() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(client("10.0.0.1", &["6.6.6.6, 203.0.113.5, 10.0.0.2"], &trusted), "203.0.113.5");
        assert_eq!(client("10.0.0.1", &["6.6.6.6", "203.0.113.5"], &trusted), "203.0.113.5");
        assert_eq!(client("10.0.0.1", &["6.6.6.6, nonsense, 10.0.0.2"], &trusted), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &[], &trusted), "10.0.0.1");
    }

    #[test]
    fn proxies_write_addresses_in_many_ways() {
        let trusted = ["10.0.0.0/8", "fd00::/8"];
        let person = "203.0.113.5";
        for forwarded in [
            &["203.0.113.5:4711"][..],
            &["203.0.113.5:4711, 10.0.0.2:80"],
            &["6.6.6.6, 203.0.113.5,"],
            &["203.0.113.5, ,10.0.0.2 , "],
            &["", "203.0.113.5", ""],
            &["6.6.6.6", "203.0.113.5, 10.0.0.3", "10.0.0.2"],
            &["ü, 203.0.113.5"],
            &["::ffff:203.0.113.5"],
            &["[::ffff:203.0.113.5]:4711, [fd00::2]:443, fd00::3"],
            &["\t203.0.113.5\t"],
        ] {
            assert_eq!(client("10.0.0.1", forwarded, &trusted), person, "{forwarded:?}");
        }
        for forwarded in
            ["2001:db8::5", "[2001:db8::5]", "[2001:DB8::5]:443", "2001:db8::5%eth0", "[2001:db8::5%25eth0]:1"]
        {
            assert_eq!(client("10.0.0.1", &[forwarded], &trusted), "2001:db8::5", "{forwarded}");
        }
    }

    #[test]
    fn what_is_no_address_ends_the_walk() {
        for wrong in [
            "unknown",
            "_hidden",
            "unix:",
            "ü",
            "203.0.113.5:",
            "203.0.113.5:x",
            "203.0.113.5:99999",
            "203.0.113.5:80:80",
            "[203.0.113.5]",
            "[2001:db8::5",
            "2001:db8::5]",
            "[2001:db8::5]80",
            "[]",
            ":80",
            "203.0.113.05",
            "203.0.113",
            "203.0.113.5 6.6.6.6",
            "\"203.0.113.5\"",
        ] {
            assert_eq!(
                client("10.0.0.1", &[&format!("6.6.6.6, {wrong}, 10.0.0.2")], &["10.0.0.0/8"]),
                "10.0.0.2",
                "{wrong}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[0-9a-f:.\\[\\]% ]{0,30}|\\PC*") {
            parse_address(&text);
        }

        #[test]
        fn every_address_comes_back(bytes: [u8; 16], port: u16) {
            let v6 = IpAddr::from(bytes);
            proptest::prop_assert_eq!(parse_address(&v6.to_string()), Some(v6.to_canonical()));
            let socket = SocketAddr::new(v6, port).to_string();
            proptest::prop_assert_eq!(parse_address(&socket), Some(v6.to_canonical()));
        }
    }

    #[test]
    fn only_a_network_is_kept() {
        let network = |ip: &str| ClientIp(ip.parse().expect("an address")).network();
        assert_eq!(network("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network("2001:db8:1:2::3"), "2001:db8:1::/48");
    }
}
