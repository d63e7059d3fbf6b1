//! Records that pages, islands, API and queries share. Queries read them from the database as they are.

pub mod account_links;
pub mod accounts;
pub mod api_docs;
pub mod api_keys;
pub mod audit;
pub mod bulk_codes;
pub mod codes;
pub mod conversions;
pub mod dashboard;
pub mod friends;
pub mod home;
pub mod overview;
pub mod page;
pub mod referrals;
pub mod reviews;
pub mod reward_pages;
pub mod rewards;
pub mod statistics;
pub mod stats;
pub mod system;
pub mod users;
pub mod webhook_pages;
pub mod webhooks;
