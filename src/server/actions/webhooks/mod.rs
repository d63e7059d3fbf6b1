//! Outgoing webhooks: their endpoints, and what is sent to them.

mod active_endpoint;
pub mod create_endpoint;
pub mod delete_endpoint;
mod endpoint_audit;
pub mod fail_lost_rewards;
pub mod fan_out;
pub mod redeliver;
pub mod replay;
pub mod rotate_secret;
pub mod send_test_event;
pub mod settle_delivery;
pub mod update_endpoint;
