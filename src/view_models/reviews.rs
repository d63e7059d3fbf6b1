//! Referrals that look wrong, as admins see them.

use crate::{
    domain::{
        ids::UserId,
        query_string::address,
        reviews::{Decision, sign::Sign},
        time::Time,
    },
    view_models::rewards::RewardRow,
};
use serde::{Deserialize, Serialize};

/// A referral in review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewCase {
    pub referee: ReviewedPerson,
    /// Nobody, where the code credits nobody.
    pub referrer: Option<ReviewedPerson>,
    pub code: String,
    pub signs: Vec<Sign>,
    pub opened_at: Time,
    pub decision: Option<Decision>,
    pub reason: Option<String>,
    /// Who decided; empty where nobody did, or the account is gone.
    pub decider: String,
    pub decided_at: Option<Time>,
    /// When the decision took effect.
    pub closed_at: Option<Time>,
}

/// One of the two people of a referral. Names are empty when the account is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewedPerson {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub joined_at: Option<Time>,
}

/// Where somebody was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenFrom {
    pub network: String,
    /// In words.
    pub browser: String,
    pub at: Time,
    /// Whether the other person was seen in the same network.
    pub same_network: bool,
    /// Whether the other person's browser calls itself the same.
    pub same_browser: bool,
}

/// What is known about one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewEvidence {
    pub case: ReviewCase,
    /// Where the friend signed up from.
    pub referee_seen: Vec<SeenFrom>,
    /// Where the referrer is or was, the latest first.
    pub referrer_seen: Vec<SeenFrom>,
    /// Cases of the same referrer that wait, counted up to a hundred.
    pub waiting_of_referrer: usize,
    /// The rewards that wait for the decision or came of it, of both sides.
    pub rewards: Vec<RewardRow>,
}

/// A page of cases, and one of them in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewsPage {
    /// Whether these are the closed ones.
    pub closed: bool,
    pub cases: Vec<ReviewCase>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    pub chosen: Option<ReviewEvidence>,
    /// Names of those whom the signs speak of, as far as their accounts are there.
    pub names: Vec<(UserId, String)>,
}

/// The address of a list of cases.
pub fn reviews_address(closed: bool, case: Option<UserId>, after: &str) -> String {
    let case = case.map(|case| case.to_string()).unwrap_or_default();
    address("/admin/review", &[("state", if closed { "closed" } else { "" }), ("case", &case), ("after", after)])
}
