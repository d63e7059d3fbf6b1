//! How often a caller may do what can be abused.

use crate::{
    domain::ids::{ApiKeyId, SessionId},
    error::AppError,
};
use governor::{
    DefaultKeyedRateLimiter, NotUntil, Quota,
    clock::{Clock, DefaultClock},
};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    net::IpAddr,
    num::NonZeroU32,
};

/// One kind of attempt with a budget of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateLimit {
    /// By network.
    SignUp,
    /// By network.
    SignIn,
    /// By account, and where the password is tried from.
    Password,
    /// By account: everybody whom it does not know, together.
    StrangersPassword,
    /// By session: the own password, asked for once more.
    OwnPassword,
    /// By network.
    CheckCode,
    /// By network.
    SetUp,
    /// By network: keys of the API that are not.
    WrongKey,
    /// By network: mails with links.
    MailLink,
    /// By address: the same.
    MailToAddress,
    /// By network: links of mails.
    UseLink,
    /// By network: requests of web pages with publishable keys.
    PublishableKey,
}

/// Where somebody tries a password from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriedFrom {
    /// A browser that the account has been used in, by its random id.
    KnownBrowser(i64),
    /// Any other browser, by its address.
    Network(IpAddr),
}

/// Tries of one account's password in a minute by all whom it does not know, and requests of one network by web pages.
const SHARED: u32 = 60;

/// Mails with links to one address: so many at once, then one every ten minutes.
const MAILS_AT_ONCE: NonZeroU32 = NonZeroU32::new(5).expect("not zero");

const MAILS_AN_HOUR: NonZeroU32 = NonZeroU32::new(6).expect("not zero");

/// Requests of one key in a minute.
const REQUESTS_PER_KEY: u32 = 6_000;

/// Counts attempts by kind and caller.
pub struct RateLimiter {
    on: bool,
    slow: DefaultKeyedRateLimiter<u64>,
    quick: DefaultKeyedRateLimiter<u64>,
    shared: DefaultKeyedRateLimiter<u64>,
    mails: DefaultKeyedRateLimiter<u64>,
    keys: DefaultKeyedRateLimiter<ApiKeyId>,
}

const fn a_minute(count: u32) -> Quota {
    match NonZeroU32::new(count) {
        Some(count) => Quota::per_minute(count),
        None => panic!("a quota is not zero"),
    }
}

impl RateLimiter {
    pub fn new(on: bool) -> Self {
        Self {
            on,
            slow: DefaultKeyedRateLimiter::keyed(a_minute(10)),
            quick: DefaultKeyedRateLimiter::keyed(a_minute(20)),
            shared: DefaultKeyedRateLimiter::keyed(a_minute(SHARED)),
            mails: DefaultKeyedRateLimiter::keyed(Quota::per_hour(MAILS_AN_HOUR).allow_burst(MAILS_AT_ONCE)),
            keys: DefaultKeyedRateLimiter::keyed(a_minute(REQUESTS_PER_KEY)),
        }
    }

    /// Counts an attempt from a network; refused when there were too many.
    pub fn network(&self, attempt: RateLimit, ip: IpAddr) -> Result<(), AppError> {
        self.count(attempt, network_key(ip))
    }

    /// Counts a try of an account's password. Each network has a budget, and all of them share a larger one; neither is
    /// that of the browsers which the account knows, so that nobody locks its owner out from afar.
    pub fn password(&self, account: &str, from: TriedFrom) -> Result<(), AppError> {
        match from {
            TriedFrom::KnownBrowser(browser) => self.count(RateLimit::Password, (account, browser)),
            TriedFrom::Network(ip) => {
                self.count(RateLimit::Password, (account, network_key(ip)))?;
                self.count(RateLimit::StrangersPassword, account)
            }
        }
    }

    /// Counts a mail to an address, whether somebody has it or not; refused when there were too many.
    pub fn mail_to(&self, address: &str) -> Result<(), AppError> {
        self.count(RateLimit::MailToAddress, address)
    }

    /// Counts an attempt within a session; refused when there were too many.
    pub fn session(&self, attempt: RateLimit, session: SessionId) -> Result<(), AppError> {
        self.count(attempt, session)
    }

    /// Counts a request of a key of the API; refused when there were too many.
    pub fn key(&self, key: ApiKeyId) -> Result<(), AppError> {
        if self.on { self.keys.check_key(&key).map_err(refused) } else { Ok(()) }
    }

    fn count(&self, attempt: RateLimit, who: impl Hash) -> Result<(), AppError> {
        if !self.on {
            return Ok(());
        }
        let mut hasher = DefaultHasher::new();
        (attempt, who).hash(&mut hasher);
        let limiter = match attempt {
            RateLimit::Password | RateLimit::OwnPassword | RateLimit::SetUp | RateLimit::MailLink => &self.slow,
            RateLimit::StrangersPassword | RateLimit::PublishableKey => &self.shared,
            RateLimit::MailToAddress => &self.mails,
            RateLimit::SignUp | RateLimit::SignIn | RateLimit::CheckCode | RateLimit::WrongKey | RateLimit::UseLink => {
                &self.quick
            }
        };
        limiter.check_key(&hasher.finish()).map_err(refused)
    }

    /// Forgets callers whose budget is full again.
    pub fn prune(&self) {
        self.slow.retain_recent();
        self.quick.retain_recent();
        self.shared.retain_recent();
        self.mails.retain_recent();
        self.keys.retain_recent();
    }
}

fn refused(not_until: NotUntil<<DefaultClock as Clock>::Instant>) -> AppError {
    let wait = not_until.wait_time_from(DefaultClock::default().now());
    AppError::TooManyRequests { retry_after: wait.as_secs() + 1 }
}

/// The key of an address: whoever has one IPv6 address has its whole /64.
pub fn network_key(ip: IpAddr) -> [u8; 16] {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => {
            let mut octets = v6.octets();
            octets[8..].fill(0);
            octets
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_budget_of_one_caller_and_attempt_is_its_own() {
        let limits = RateLimiter::new(true);
        for _ in 0..20 {
            assert!(limits.network(RateLimit::SignUp, ip("192.0.2.1")).is_ok());
        }
        let refused = limits.network(RateLimit::SignUp, ip("192.0.2.1"));
        assert!(matches!(refused, Err(AppError::TooManyRequests { retry_after: 1.. })));
        assert!(limits.network(RateLimit::CheckCode, ip("192.0.2.1")).is_ok());
        assert!(limits.network(RateLimit::SignUp, ip("192.0.2.2")).is_ok());
        assert!(limits.network(RateLimit::SignUp, ip("::ffff:192.0.2.1")).is_err());
    }

    #[test]
    fn strangers_use_up_their_own_budgets_only() {
        let limits = RateLimiter::new(true);
        let passed = |from, tries: usize| (0..tries).filter(|_| limits.password("a@x.example", from).is_ok()).count();
        let network = |n: u8| TriedFrom::Network(IpAddr::from([10, 0, n, 1]));
        assert_eq!(passed(network(0), 12), 10);
        assert_eq!(passed(network(1), 1), 1);
        let others: usize = (2..12).map(|n| passed(network(n), 10)).sum();
        assert!((47..=51).contains(&others), "{others}");
        assert_eq!(passed(TriedFrom::KnownBrowser(7), 12), 10);
        assert_eq!(passed(TriedFrom::KnownBrowser(8), 1), 1);
        assert!(limits.password("b@x.example", network(1)).is_ok());
        assert!(limits.session(RateLimit::OwnPassword, SessionId(7)).is_ok());
    }

    #[test]
    fn an_address_gets_few_mails() {
        let limits = RateLimiter::new(true);
        assert_eq!((0..9).filter(|_| limits.mail_to("ann@example.com").is_ok()).count(), 5);
        assert!(matches!(limits.mail_to("ann@example.com"), Err(AppError::TooManyRequests { retry_after: 60..=600 })));
        assert!(limits.mail_to("bob@example.com").is_ok());
    }

    #[test]
    fn a_key_has_a_generous_budget_of_its_own() {
        let limits = RateLimiter::new(true);
        let refused = (0..REQUESTS_PER_KEY + 50).filter(|_| limits.key(ApiKeyId(1)).is_err()).count();
        assert!((1..=50).contains(&refused), "{refused}");
        assert!(limits.key(ApiKeyId(2)).is_ok());
    }

    #[test]
    fn changing_addresses_within_a_64_does_not_help() {
        let limits = RateLimiter::new(true);
        let refused =
            (0..30).filter(|n| limits.network(RateLimit::SignIn, ip(&format!("2001:db8::{n:x}"))).is_err()).count();
        assert_eq!(refused, 10);
    }
}
