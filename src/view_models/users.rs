//! Users, as admins see them.

use super::{referrals::Referral, rewards::Balance};
use crate::domain::{attribution::Candidate, ids::UserId, money::Money, time::Time};
use serde::{Deserialize, Serialize};

/// A user in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct UserSummary {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub admin: bool,
    pub disabled: bool,
    /// The personal code; empty without one.
    pub code: String,
    pub referred_by_id: Option<UserId>,
    /// Username of who brought them; empty without one.
    pub referred_by: String,
    pub goal: i64,
    /// Sign-ups by all codes that credit them.
    pub signups: i64,
    /// Those of them who have paid what counts.
    pub conversions: i64,
    /// Clicks on all codes that credit them.
    pub clicks: i64,
    pub created_at: Time,
}

/// A page of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsersPage {
    /// A part of an e-mail, username or code.
    pub q: String,
    /// `email`, or empty for the newest first. What is searched for comes in the order of the alphabet.
    pub sort: String,
    pub rows: Vec<UserSummary>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// The page of one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPageData {
    pub user: UserSummary,
    /// What those whom they brought have paid, by currency.
    pub revenue: Vec<Money>,
    /// What decided how they were attributed; empty when nothing is known.
    pub evidence: Vec<Candidate>,
    /// Whom they brought, the latest hundred.
    pub referrals: Vec<Referral>,
    /// What they have of each kind of rewards.
    pub balances: Vec<Balance>,
    /// Whether it is the admin who looks.
    pub own: bool,
}

/// A user as a choice of beneficiary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct UserSuggestion {
    pub id: UserId,
    pub email: String,
    pub username: String,
}
