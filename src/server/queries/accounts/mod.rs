//! What people see of their own account.

pub mod account_link;
pub mod dashboard;
pub mod profile;
pub mod sign_up_page;
pub mod unconfirmed;
