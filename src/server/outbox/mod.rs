//! What leaves the program: written, sent, tried again.

pub mod mails;
pub mod webhooks;
