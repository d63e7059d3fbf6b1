//! Codes: how they are written and made, and when they can be used.

pub mod bulk;
pub mod campaign;
pub mod code;
pub mod destination;
pub mod reading;
pub mod recipients;
