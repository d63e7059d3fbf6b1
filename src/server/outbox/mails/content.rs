//! What a mail says, in the language of whoever reads it.

use crate::{
    domain::{accounts::email::readable, mails::Mail, time::Time},
    text::Texts,
};

/// What mails say of the program.
#[derive(Clone, Debug)]
pub struct Program {
    pub name: String,
    /// Its own address, without a slash at the end.
    pub base_url: String,
    /// The colour of its buttons, as `#rrggbb`.
    pub accent_color: Option<String>,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub subject: String,
    pub paragraphs: Vec<String>,
    pub button: Option<Button>,
    /// What stands small under it.
    pub notes: Vec<String>,
}

/// The one thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub text: String,
    pub address: String,
}

impl Content {
    /// What a mail says. `secret` is that of its link, which is of use until `expires_at`.
    pub(crate) fn of(mail: &Mail, program: &Program, secret: Option<&str>, expires_at: Time, texts: &Texts) -> Self {
        let name = program.name.as_str();
        let button = |text: String, path: &str| Button { text, address: format!("{}{path}", program.base_url) };
        let link = |text: String, path: &str| button(text, &format!("{path}?token={}", secret.unwrap_or_default()));
        let once = || texts.mail_link_once(texts.moment(expires_at));
        match mail {
            Mail::ResetPassword { .. } => Self {
                subject: texts.mail_reset_password_subject(name),
                paragraphs: vec![texts.mail_reset_password_text(name)],
                button: Some(link(texts.mail_reset_password_button(), "/reset")),
                notes: vec![once(), texts.mail_reset_password_note()],
            },
            Mail::VerifyEmail { .. } => Self {
                subject: texts.mail_verify_email_subject(name),
                paragraphs: vec![texts.mail_verify_email_text(name)],
                button: Some(link(texts.mail_verify_email_button(), "/verify")),
                notes: vec![once(), texts.mail_verify_email_note()],
            },
            Mail::EmailChangeRequested { .. } => Self {
                subject: texts.mail_change_email_subject(name),
                paragraphs: vec![texts.mail_change_email_text(name)],
                button: Some(link(texts.mail_change_email_button(), "/verify")),
                notes: vec![once(), texts.mail_change_email_note()],
            },
            Mail::EmailChanged { new_address } => Self {
                subject: texts.mail_email_changed_subject(name),
                paragraphs: vec![texts.mail_email_changed_text(readable(new_address), name)],
                button: None,
                notes: vec![texts.mail_email_changed_note()],
            },
            Mail::SignInLink { .. } => Self {
                subject: texts.mail_sign_in_subject(name),
                paragraphs: vec![texts.mail_sign_in_text(name)],
                button: Some(link(texts.mail_sign_in_button(), "/signin/link")),
                notes: vec![once(), texts.mail_sign_in_note()],
            },
            Mail::PasswordChanged => Self {
                subject: texts.mail_password_changed_subject(name),
                paragraphs: vec![texts.mail_password_changed_text(name), texts.mail_password_changed_other()],
                button: Some(button(texts.mail_password_changed_button(), "/forgot")),
                notes: vec![],
            },
            Mail::Test => Self {
                subject: texts.mail_test_subject(name),
                paragraphs: vec![texts.mail_test_text(name)],
                button: Some(button(texts.mail_test_button(), "/admin/system")),
                notes: vec![],
            },
        }
    }
}
