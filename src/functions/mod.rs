//! All that a browser may call, one file per noun. Each function is a public address of its own: it asks in its body
//! who is calling, then calls one action.
//!
//! Functions that load a page's data begin with `load_`; those that a form posts to return where to go next.

pub mod account_links;
pub mod api_docs;
pub mod api_keys;
pub mod audit;
pub mod auth;
pub mod bulk_codes;
pub mod code_check;
pub mod codes;
pub mod conversions;
pub mod dashboard;
pub mod friends;
pub mod home;
pub mod language;
pub mod overview;
pub mod own_rewards;
pub mod profile;
pub mod referrals;
pub mod reviews;
pub mod rewards;
pub mod rules;
pub mod settings;
pub mod system;
pub mod users;
pub mod webhooks;
