//! Where somebody signs up from.

use std::net::IpAddr;

/// A network (/24 or /48) and the browser in it. Together they tell people apart, as long as few share a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub network: String,
    /// What the browser calls itself.
    pub user_agent: String,
}

impl Origin {
    /// Nothing where the network says nothing of a person: the machine itself, a private network, an unknown one.
    pub fn new(network: &str, user_agent: &str) -> Option<Self> {
        let address: IpAddr = network.split('/').next()?.parse().ok()?;
        let says_nothing = match address {
            IpAddr::V4(ip) => {
                let [first, second, ..] = ip.octets();
                // Carriers put any number of people behind 100.64.0.0/10.
                let shared = first == 100 && (64..128).contains(&second);
                ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified() || shared
            }
            // The machine itself is ::1, of which only zeros are kept.
            IpAddr::V6(ip) => ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local(),
        };
        (!says_nothing).then(|| Self { network: network.to_owned(), user_agent: user_agent.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_that_everybody_has_say_nothing() {
        for network in ["203.0.113.0/24", "100.63.0.0/24", "172.32.0.0/24", "2001:db8:7::/48"] {
            let origin = Origin { network: network.into(), user_agent: "Firefox".into() };
            assert_eq!(Origin::new(network, "Firefox"), Some(origin), "{network}");
        }
        for network in [
            "127.0.0.0/24",
            "10.1.2.0/24",
            "172.16.0.0/24",
            "192.168.1.0/24",
            "169.254.3.0/24",
            "100.64.0.0/24",
            "0.0.0.0/24",
            "::/48",
            "fd00:1::/48",
            "fe80::/48",
            "",
            "unknown",
        ] {
            assert_eq!(Origin::new(network, "Firefox"), None, "{network}");
        }
    }
}
