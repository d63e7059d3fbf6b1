//! The rules of a referral program. Pure: no I/O, no async, no clock, no chance of its own.

pub mod account;
pub mod api_key;
pub mod attribution;
pub mod bulk;
pub mod campaign;
pub mod channel;
pub mod code;
pub mod email;
pub mod field;
pub mod ids;
pub mod password;
pub mod path;
pub mod program;
pub mod stats;
pub mod suspicion;
pub mod theme;
pub mod time;
pub mod username;
