//! Payments, as admins look through them.

pub mod get_conversion;
pub mod list_conversions;
