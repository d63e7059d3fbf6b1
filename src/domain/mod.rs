//! The rules of a referral program. Pure: no I/O, no async, no clock, no randomness of its own.

pub mod accounts;
pub mod attribution;
pub mod clicks;
pub mod codes;
pub mod conversions;
pub mod cursor;
pub mod events;
pub mod field;
pub mod ids;
pub mod job;
pub mod local_time;
pub mod mails;
pub mod message;
pub mod money;
mod names;
pub mod number;
pub mod path;
pub mod plain_text;
pub mod query_string;
pub mod reviews;
pub mod rewards;
pub mod settings;
pub mod theme;
pub mod time;
pub mod web_address;
pub mod webhooks;
