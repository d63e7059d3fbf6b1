//! One's own account: signing up, sessions.

use super::rewards::Welcome;
use crate::domain::{ids::SessionId, time::Time};
use serde::{Deserialize, Serialize};

/// What the sign-up page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpPageData {
    /// A usable code from the link or a remembered visit; empty without one.
    pub code: String,
    /// The username of whoever is credited for it, if anybody.
    pub referrer: Option<String>,
    /// Whether a link led here that cannot be used, and nothing else is known that could be credited.
    pub link_invalid: bool,
    /// What both sides get when somebody joins with a code.
    pub welcome: Welcome,
    pub code_required: bool,
    pub policy_url: Option<String>,
    /// Where people sign up instead, while links lead to a host product.
    pub host: Option<HostSignUp>,
}

/// The page of the host product where people sign up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostSignUp {
    /// What its site is called.
    pub name: String,
    pub href: String,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    pub id: SessionId,
    /// The browser in words, as `Firefox on Linux`.
    pub browser: String,
    /// Truncated IP address.
    pub network: String,
    pub seen_at: Time,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// What the profile page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub username: String,
    pub email: String,
    /// Whether it should be confirmed.
    pub unconfirmed: bool,
    pub sessions: Vec<SessionSummary>,
}
