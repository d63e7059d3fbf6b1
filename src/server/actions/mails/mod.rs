//! What admins do about mails.

pub mod delete_mail;
pub mod resend_mail;
pub mod send_test_mail;
