//! The people whom somebody brought, as they may see them: without names and addresses.

use crate::domain::time::Time;
use serde::{Deserialize, Serialize};

/// Somebody whom the viewer brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Friend {
    /// The beginning of the username; empty when the account is gone.
    pub name: String,
    pub joined_at: Time,
    /// Whether they have paid what counts.
    pub customer: bool,
}

/// A friend with what they brought, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FriendDetails {
    pub friend: Friend,
    /// What the viewer gets for them, in words.
    pub rewards: Vec<String>,
    /// Why they count for the viewer, a sentence for each piece of evidence and for the last correction.
    pub receipt: Vec<String>,
}

/// A page of friends, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FriendsPage {
    pub rows: Vec<FriendDetails>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}
