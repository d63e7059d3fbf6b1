//! How often a caller may do what can be abused.

use crate::{
    domain::{
        accounts::account_link::LinkPurpose,
        ids::{ApiKeyId, SessionId},
    },
    error::AppError,
};
use governor::{
    Quota,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use std::{
    cell::Cell,
    hash::{DefaultHasher, Hash, Hasher},
    net::IpAddr,
    num::NonZeroU32,
};

/// Counts by key, and says how much is left.
type Limiter<K> = governor::RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

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
    /// By purpose and address: the same.
    MailToAddress,
    /// By network: links of mails.
    UseLink,
    /// By network: requests of web pages with publishable keys.
    PublishableKey,
    /// By network: what the API answers to everybody.
    WithoutKey,
}

/// What is left of a caller's budget once an attempt is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Attempts in a minute.
    pub limit: u32,
    /// Attempts that are left.
    pub remaining: u32,
    /// Seconds until all of them are there again.
    pub reset: u32,
}

tokio::task_local! {
    static TIGHTEST_BUDGET: Cell<Option<Budget>>;
}

/// Runs `work`, so that [`tightest_budget`] knows what is counted in it.
pub async fn with_budget<F: Future>(work: F) -> F::Output {
    TIGHTEST_BUDGET.scope(Cell::new(None), work).await
}

/// Of the budgets that were counted in this task the one of which least is left; nothing where none was.
pub fn tightest_budget() -> Option<Budget> {
    TIGHTEST_BUDGET.try_with(Cell::get).unwrap_or_default()
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

/// Requests without a key from one network in a minute.
const REQUESTS_WITHOUT_KEY: u32 = 600;

/// Counts attempts by kind and caller.
pub struct RateLimiter {
    on: bool,
    slow: Limiter<u64>,
    quick: Limiter<u64>,
    shared: Limiter<u64>,
    without_key: Limiter<u64>,
    mails: Limiter<u64>,
    keys: Limiter<ApiKeyId>,
}

const fn a_minute(count: u32) -> Quota {
    match NonZeroU32::new(count) {
        Some(count) => Quota::per_minute(count),
        None => panic!("a quota is not zero"),
    }
}

fn limiter<K: Hash + Eq + Clone>(quota: Quota) -> Limiter<K> {
    governor::RateLimiter::keyed(quota).with_middleware()
}

impl RateLimiter {
    pub fn new(on: bool) -> Self {
        Self {
            on,
            slow: limiter(a_minute(10)),
            quick: limiter(a_minute(20)),
            shared: limiter(a_minute(SHARED)),
            without_key: limiter(a_minute(REQUESTS_WITHOUT_KEY)),
            mails: limiter(Quota::per_hour(MAILS_AN_HOUR).allow_burst(MAILS_AT_ONCE)),
            keys: limiter(a_minute(REQUESTS_PER_KEY)),
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

    /// Counts a mail with a link to an address, whether somebody has it or not; refused when there were too many. Each
    /// purpose has a budget of its own: strangers can ask for some of them, and whoever has the address then has their
    /// mails.
    pub fn mail_to(&self, purpose: LinkPurpose, address: &str) -> Result<(), AppError> {
        self.count(RateLimit::MailToAddress, (purpose, address))
    }

    /// Counts an attempt within a session; refused when there were too many.
    pub fn session(&self, attempt: RateLimit, session: SessionId) -> Result<(), AppError> {
        self.count(attempt, session)
    }

    /// Counts a request of a key of the API; refused when there were too many.
    pub fn key(&self, key: ApiKeyId) -> Result<(), AppError> {
        self.spend(&self.keys, &key)
    }

    fn count(&self, attempt: RateLimit, who: impl Hash) -> Result<(), AppError> {
        let mut hasher = DefaultHasher::new();
        (attempt, who).hash(&mut hasher);
        let limiter = match attempt {
            RateLimit::Password | RateLimit::OwnPassword | RateLimit::SetUp | RateLimit::MailLink => &self.slow,
            RateLimit::StrangersPassword | RateLimit::PublishableKey => &self.shared,
            RateLimit::MailToAddress => &self.mails,
            RateLimit::SignUp | RateLimit::SignIn | RateLimit::CheckCode | RateLimit::WrongKey | RateLimit::UseLink => {
                &self.quick
            }
            RateLimit::WithoutKey => &self.without_key,
        };
        self.spend(limiter, &hasher.finish())
    }

    /// Counts also while nobody is refused, so that what is left can be told.
    fn spend<K: Hash + Eq + Clone>(&self, limiter: &Limiter<K>, who: &K) -> Result<(), AppError> {
        let (quota, remaining, wait) = match limiter.check_key(who) {
            Ok(left) => (left.quota(), left.remaining_burst_capacity(), None),
            Err(until) => (until.quota(), 0, Some(until.wait_time_from(DefaultClock::default().now()))),
        };
        let limit = quota.burst_size().get();
        let reset = (60 * limit.saturating_sub(remaining)).div_ceil(limit);
        // Nobody asks for it outside of the API.
        let _ = TIGHTEST_BUDGET.try_with(|tightest| {
            if tightest.get().is_none_or(|before| remaining <= before.remaining) {
                tightest.set(Some(Budget { limit, remaining, reset }));
            }
        });
        match wait {
            Some(wait) if self.on => Err(AppError::TooManyRequests { retry_after: wait.as_secs() + 1 }),
            _ => Ok(()),
        }
    }

    /// Forgets callers whose budget is full again.
    pub fn prune(&self) {
        self.slow.retain_recent();
        self.quick.retain_recent();
        self.shared.retain_recent();
        self.mails.retain_recent();
        self.without_key.retain_recent();
        self.keys.retain_recent();
    }
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
        assert_eq!((0..9).filter(|_| limits.mail_to(LinkPurpose::ResetPassword, "ann@example.com").is_ok()).count(), 5);
        assert!(matches!(
            limits.mail_to(LinkPurpose::ResetPassword, "ann@example.com"),
            Err(AppError::TooManyRequests { retry_after: 60..=600 })
        ));
        assert!(limits.mail_to(LinkPurpose::ResetPassword, "bob@example.com").is_ok());
        assert!(limits.mail_to(LinkPurpose::VerifyEmail, "ann@example.com").is_ok());
    }

    #[test]
    fn a_key_has_a_generous_budget_of_its_own() {
        let limits = RateLimiter::new(true);
        let refused = (0..REQUESTS_PER_KEY + 50).filter(|_| limits.key(ApiKeyId(1)).is_err()).count();
        assert!((1..=50).contains(&refused), "{refused}");
        assert!(limits.key(ApiKeyId(2)).is_ok());
    }

    #[tokio::test]
    async fn what_is_left_is_told_also_while_nobody_is_refused() {
        assert_eq!(tightest_budget(), None);
        for on in [true, false] {
            let limits = RateLimiter::new(on);
            let key = || limits.key(ApiKeyId(1));
            let wrong = || limits.network(RateLimit::WrongKey, ip("192.0.2.1"));
            with_budget(async {
                assert_eq!(tightest_budget(), None);
                key().expect("the first is allowed");
                let left = Budget { limit: REQUESTS_PER_KEY, remaining: REQUESTS_PER_KEY - 1, reset: 1 };
                assert_eq!(tightest_budget(), Some(left));
                assert!((0..20).all(|_| wrong().is_ok()));
                assert_eq!(wrong().is_err(), on);
                let tightest = Some(Budget { limit: 20, remaining: 0, reset: 60 });
                assert_eq!(tightest_budget(), tightest);
                key().expect("much is left");
                assert_eq!(tightest_budget(), tightest);
            })
            .await;
        }
    }

    #[test]
    fn changing_addresses_within_a_64_does_not_help() {
        let limits = RateLimiter::new(true);
        let refused =
            (0..30).filter(|n| limits.network(RateLimit::SignIn, ip(&format!("2001:db8::{n:x}"))).is_err()).count();
        assert_eq!(refused, 10);
    }
}
