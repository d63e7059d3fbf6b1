//! Reviews of referrals that look wrong.

pub mod close_reviews;
pub mod decide_reviews;
pub mod open_review;
