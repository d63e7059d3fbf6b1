//! Users, as admins see them.

pub mod find_users;
pub mod list_users;
