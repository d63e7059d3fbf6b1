//! Which addresses webhooks may go to: those that everybody on the internet reaches alike. An endpoint on this machine
//! or in its own network would let whoever makes it reach what only insiders can.

use crate::domain::{message::Message, web_address::is_web_address};
use futures::future::BoxFuture;
use ipnet::{Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};
use url::{Host, Url};

/// Networks of IPv4 that are not on the internet, as IANA's registry of special addresses says, multicast with them.
const SPECIAL_V4: [Ipv4Net; 16] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 31, 196, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 4),
    v4([240, 0, 0, 0], 4),
];

/// All of IPv6 that is given to somebody on the internet.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What is not on the internet in [`GLOBAL_V6`]: protocols such as Teredo, and documentation.
const SPECIAL_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    v6([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

/// Networks of IPv6 whose addresses have one of IPv4 inside, and the byte where that begins: mapped ones, those of
/// NAT64 and of 6to4.
const WITH_V4: [(Ipv6Net, usize); 3] = [
    (v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96), 12),
    (v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96), 12),
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), 2),
];

const fn v4([a, b, c, d]: [u8; 4], bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6([a, b, c, d, e, f, g, h]: [u16; 8], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), bits)
}

/// Whether an address is one that everybody on the internet reaches alike.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => match WITH_V4.iter().find(|(net, _)| net.contains(&address)) {
            Some((_, at)) => {
                let bytes = address.octets();
                is_public(IpAddr::V4(Ipv4Addr::new(bytes[*at], bytes[at + 1], bytes[at + 2], bytes[at + 3])))
            }
            None => GLOBAL_V6.contains(&address) && !SPECIAL_V6.iter().any(|net| net.contains(&address)),
        },
    }
}

/// Whether webhooks may go to a web address, as far as it can be told from its text. A name is looked up when it is
/// called.
pub fn check(url: &str, allow_private: bool) -> Result<(), Message> {
    let parsed = Url::parse(url).ok().filter(|url| is_web_address(url.as_str())).ok_or(Message::AddressMalformed)?;
    if allow_private || literal(&parsed).is_none_or(is_public) && !is_local_name(&parsed) {
        Ok(())
    } else {
        Err(Message::AddressForbidden)
    }
}

/// The host of a URL when it is an address, in whatever notation it was written.
pub fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

fn is_local_name(url: &Url) -> bool {
    let name = url.domain().unwrap_or_default().trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

/// Looks names up.
pub trait Names: Send + Sync {
    /// The addresses of a name.
    fn look_up(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// Looks names up as the system does.
pub struct SystemNames;

impl Names for SystemNames {
    fn look_up(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect()) })
    }
}

/// Why a name leads nowhere.
#[derive(Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// It has no address.
    Unknown,
    /// All its addresses are private.
    Forbidden,
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the name has no address",
            Self::Forbidden => "the name leads to a private address",
        })
    }
}

impl std::error::Error for Unreachable {}

/// Gives a client the addresses of a name that it may go to: what it connects to is what was looked at, whatever the
/// name leads to a moment later.
pub struct Resolver {
    pub names: Arc<dyn Names>,
    pub allow_private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (looking_up, allow_private) = (self.names.look_up(name.as_str().to_owned()), self.allow_private);
        Box::pin(async move {
            let found = looking_up.await.map_err(|_| Unreachable::Unknown)?;
            let allowed: Vec<SocketAddr> = found
                .iter()
                .filter(|address| allow_private || is_public(**address))
                .map(|address| SocketAddr::new(*address, 0))
                .collect();
            match (found.is_empty(), allowed.is_empty()) {
                (true, _) => Err(Unreachable::Unknown.into()),
                (false, true) => Err(Unreachable::Forbidden.into()),
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_notation() {
        for private in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0x7f.1",
            "0",
            "0.0.0.0",
            "10.0.0.1",
            "012.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "2852039166",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "１２７.０.０.１",
            "127。0。0。1",
            "[::]",
            "[::1]",
            "[::127.0.0.1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::ffff:169.254.169.254]",
            "[64:ff9b::127.0.0.1]",
            "[64:ff9b::a00:1]",
            "[64:ff9b:1::1]",
            "[100::1]",
            "[2001::1]",
            "[2001:2::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[2002:a9fe:a9fe::1]",
            "[3fff::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            "localhost",
            "localhost.",
            "api.localhost",
        ] {
            let url = format!("https://{private}/hooks");
            assert!(check(&url, false).is_err(), "{private}");
        }
        for private in ["127.0.0.1", "2130706433", "[::1]", "localhost"] {
            assert_eq!(check(&format!("http://{private}:8080/hooks"), true), Ok(()), "{private}");
        }
    }

    #[test]
    fn public_addresses_and_names_are_let_through() {
        for public in [
            "1.1.1.1",
            "16843009",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "[2606:4700:4700::1111]",
            "[::ffff:1.1.1.1]",
            "[64:ff9b::101:101]",
            "[2002:101:101::1]",
            "host.example:8443",
            "localhost.example",
        ] {
            assert_eq!(check(&format!("https://{public}/hooks"), false), Ok(()), "{public}");
        }
    }
}
