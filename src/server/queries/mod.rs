//! Reads for pages, CSV and API, a folder per noun.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod codes;
pub mod conversions;
pub mod friends;
pub mod home;
pub mod overview;
pub mod referrals;
pub mod reviews;
pub mod rewards;
pub mod statistics;
pub mod system;
pub mod users;
pub mod waiting;
pub mod webhooks;
