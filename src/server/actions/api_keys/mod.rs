//! Keys of the REST API.

pub mod create_api_key;
pub mod revoke_api_key;
pub mod set_key_origins;
pub mod take_over_api_key;
