//! Accounts: e-mail, username, password, and keys of the API.

pub mod account_link;
pub mod api_key;
pub mod email;
pub mod locale;
pub mod new_account;
pub mod origins;
pub mod password;
pub mod username;
