//! What people see of their own account.

pub mod dashboard;
pub mod profile;
pub mod sign_up_page;
