//! Links by which people come in without a password, or prove that an address is theirs.

pub mod change_email;
pub mod confirm_email;
pub mod create_login_link;
mod lock_out_others;
pub mod mail_link;
pub mod reset_password;
pub mod send_confirmation;
pub mod send_link;
pub mod sign_in_by_link;
pub mod use_link;
pub mod verify_email;
