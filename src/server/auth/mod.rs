//! Sign-in: sessions, cookies, passwords, client addresses, and rate limits.

pub mod account_links;
pub mod caller;
pub mod client_ip;
pub mod cookies;
pub mod email_hash;
pub mod guess_limiter;
pub mod header_text;
pub mod passwords;
pub mod rate_limiter;
pub mod sessions;
