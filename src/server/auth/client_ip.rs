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
        let hops: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in hops.into_iter().rev() {
            // What cannot be read was not written by a trusted proxy.
            let Ok(ip) = hop.trim().parse::<IpAddr>() else { break };
            client = ip.to_canonical();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().expect("a header"));
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
    fn only_a_network_is_kept() {
        let network = |ip: &str| ClientIp(ip.parse().expect("an address")).network();
        assert_eq!(network("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network("2001:db8:1:2::3"), "2001:db8:1::/48");
    }
}
