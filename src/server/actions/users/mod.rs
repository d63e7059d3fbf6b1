//! Users: added by a host product, changed and erased by admins.

pub mod create_user;
pub mod erase_user;
pub mod forget_user;
pub mod register_user;
pub mod update_user;
