//! A person and their own account: sign-up, sign-in, password, sessions, leaving.

pub mod change_password;
pub mod choose_language;
pub mod create_admin;
pub mod delete_account;
pub mod end_session;
pub mod own_account;
pub mod set_up;
pub mod sign_in;
pub mod sign_in_again;
pub mod sign_out;
pub mod sign_up;
pub mod start_session;
