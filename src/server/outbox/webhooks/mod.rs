//! Sending webhooks: which addresses they may go to, how they are signed, and one attempt.

pub mod addresses;
pub mod sender;
pub mod signature;
