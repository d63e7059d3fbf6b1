//! Guessing codes: networks that name many different codes of which none works find none for a while.

use dashmap::DashMap;
use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock, DefaultClock},
};
use ipnet::IpNet;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    net::IpAddr,
    num::NonZeroU32,
};

type Instant = <DefaultClock as Clock>::Instant;

/// Different codes that do not work: so many at once from one address (of IPv6: a /64), then one a minute.
const PER_ADDRESS: Budget = Budget { at_once: 30, a_minute: 1 };

/// The same from all of a /24 (of IPv6: a /48).
const PER_NETWORK: Budget = Budget { at_once: 120, a_minute: 4 };

struct Budget {
    at_once: u32,
    a_minute: u32,
}

impl Budget {
    fn limiter(&self) -> DefaultKeyedRateLimiter<IpNet> {
        let count = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        DefaultKeyedRateLimiter::keyed(Quota::per_minute(count(self.a_minute)).allow_burst(count(self.at_once)))
    }
}

/// Counts the codes that do not work, by network. The same one again is a bad link that goes round, and not counted for
/// an hour; codes that work never are.
pub struct GuessLimiter {
    on: bool,
    addresses: DefaultKeyedRateLimiter<IpNet>,
    networks: DefaultKeyedRateLimiter<IpNet>,
    /// What was counted already, by network.
    counted: DefaultKeyedRateLimiter<u64>,
    /// Until when a network finds nothing.
    blocked: DashMap<IpNet, Instant>,
}

impl GuessLimiter {
    pub fn new(on: bool) -> Self {
        Self {
            on,
            addresses: PER_ADDRESS.limiter(),
            networks: PER_NETWORK.limiter(),
            counted: DefaultKeyedRateLimiter::keyed(Quota::per_hour(NonZeroU32::MIN)),
            blocked: DashMap::new(),
        }
    }

    /// Whether every code is to look unknown to this address.
    pub fn is_blocked(&self, ip: IpAddr) -> bool {
        if !self.on {
            return false;
        }
        let now = DefaultClock::default().now();
        keys(ip).iter().any(|key| self.blocked.get(key).is_some_and(|until| now < *until))
    }

    /// Counts a text that names no code that works.
    pub fn count_miss(&self, ip: IpAddr, text: &str) {
        if !self.on || self.is_blocked(ip) {
            return;
        }
        let [address, network] = keys(ip);
        let mut hasher = DefaultHasher::new();
        (network, text).hash(&mut hasher);
        if self.counted.check_key(&hasher.finish()).is_err() {
            return;
        }
        for (limiter, key) in [(&self.addresses, address), (&self.networks, network)] {
            if let Err(refused) = limiter.check_key(&key) {
                self.blocked.insert(key, refused.earliest_possible());
                metrics::counter!("passalong_guessing_networks_total").increment(1);
            }
        }
    }

    /// Forgets networks whose budget is full again.
    pub fn prune(&self) {
        self.addresses.retain_recent();
        self.networks.retain_recent();
        self.counted.retain_recent();
        let now = DefaultClock::default().now();
        self.blocked.retain(|_, until| now < *until);
    }
}

/// What one caller has at hand, and the network around it.
fn keys(ip: IpAddr) -> [IpNet; 2] {
    let ip = ip.to_canonical();
    let bits = if ip.is_ipv4() { [32, 24] } else { [64, 48] };
    bits.map(|bits| IpNet::new(ip, bits).map_or(IpNet::from(ip), |net| net.trunc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn many_different_misses_block_an_address_and_the_same_one_does_not() {
        let guesses = GuessLimiter::new(true);
        for n in 0..PER_ADDRESS.at_once {
            for _ in 0..3 {
                guesses.count_miss(ip("192.0.2.1"), &format!("CODE{n}"));
            }
        }
        assert!(!guesses.is_blocked(ip("192.0.2.1")));
        guesses.count_miss(ip("::ffff:192.0.2.1"), "ONE-MORE");
        assert!(guesses.is_blocked(ip("192.0.2.1")));
        assert!(!guesses.is_blocked(ip("192.0.2.2")));
        guesses.prune();
        assert!(guesses.is_blocked(ip("192.0.2.1")));
    }

    #[test]
    fn changing_addresses_within_a_network_does_not_help_for_long() {
        for network in ["192.0.2.", "2001:db8:1:"] {
            let guesses = GuessLimiter::new(true);
            let address = |n: u32| match network {
                "192.0.2." => ip(&format!("{network}{}", n % 250)),
                _ => ip(&format!("{network}{n:x}::{n:x}")),
            };
            for n in 0..=PER_NETWORK.at_once {
                assert!(!guesses.is_blocked(address(n)), "{network} {n}");
                guesses.count_miss(address(n), &format!("CODE{n}"));
            }
            assert!(guesses.is_blocked(address(1_000)), "{network}");
            assert!(!guesses.is_blocked(ip("198.51.100.1")));
        }
        let guesses = GuessLimiter::new(true);
        for n in 0..=PER_ADDRESS.at_once {
            guesses.count_miss(ip(&format!("2001:db8::{n:x}")), &format!("CODE{n}"));
        }
        assert!(guesses.is_blocked(ip("2001:db8::ffff")) && !guesses.is_blocked(ip("2001:db8:0:1::1")));
    }

    #[test]
    fn limits_can_be_off() {
        let guesses = GuessLimiter::new(false);
        (0..1_000).for_each(|n| guesses.count_miss(ip("192.0.2.1"), &n.to_string()));
        assert!(!guesses.is_blocked(ip("192.0.2.1")));
    }
}
