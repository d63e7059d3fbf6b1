//! Reviews: what makes a referral look wrong without proving anything, and what an admin says about it. Until then its
//! rewards wait.

pub mod disposable_email;
pub mod origin;
pub mod paid_ad;
pub mod sign;

use crate::domain::{names::names, time::SECOND};

names! {
    /// What became of a review.
    Decision {
        /// An admin found the referral to be right: its rewards go on.
        Approved = "approved",
        /// An admin found it to be wrong: nobody is credited, and its rewards are void.
        Rejected = "rejected",
        /// An admin has credited another code meanwhile, or nobody.
        Corrected = "corrected",
    }
}

/// How long a decision can be taken back, in milliseconds. It takes effect only then.
pub const UNDO: i64 = 10 * SECOND;
