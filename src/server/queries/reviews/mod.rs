//! Reads about referrals that look wrong.

pub mod list_reviews;
