//! Outgoing webhooks: events that are pushed to host products, as [Standard Webhooks] says.
//!
//! [Standard Webhooks]: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

pub mod delivery;
pub mod endpoint;
pub mod message;
