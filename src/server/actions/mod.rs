//! What can be done, a folder per noun and a file per verb. Each is one transaction: load, ask the domain, write,
//! publish.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod authorize;
pub mod codes;
pub mod conversions;
pub mod events;
pub mod jobs;
pub mod referrals;
pub mod reviews;
pub mod rewards;
pub mod sent_form;
pub mod settings;
pub mod users;
pub mod webhooks;
