//! Clicks: where a link was shared, and which visits are suspected.

pub mod channel;
pub mod suspicion;
