//! Messages of other services: checked for who sent them, read, recorded and answered, in one transaction.

pub mod signature;
pub mod stripe;
