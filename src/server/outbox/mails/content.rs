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

/// What is read when a mail is sent, as far as the mail is about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// That of its link.
    pub secret: Option<String>,
    /// The code that it hands out.
    pub code: Option<GivenCode>,
}

/// A code that somebody is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenCode {
    pub code: String,
    pub expires_at: Option<Time>,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub subject: String,
    pub paragraphs: Vec<String>,
    pub button: Option<Button>,
    /// What stands small under it.
    pub notes: Vec<String>,
    /// Why somebody gets it.
    pub footer: String,
}

/// The one thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub text: String,
    pub address: String,
}

impl Content {
    /// What a mail says. A link in it is of use until `expires_at`.
    pub(crate) fn of(mail: &Mail, program: &Program, details: &Details, expires_at: Time, texts: &Texts) -> Self {
        let name = program.name.as_str();
        let button = |text: String, path: &str| Button { text, address: format!("{}{path}", program.base_url) };
        let secret = details.secret.as_deref().unwrap_or_default();
        let link = |text: String, path: &str| button(text, &format!("{path}?token={secret}"));
        let once = || texts.mail_link_once(texts.moment(expires_at));
        let footer = texts.mail_footer(name);
        match mail {
            Mail::ResetPassword { .. } => Self {
                subject: texts.mail_reset_password_subject(name),
                paragraphs: vec![texts.mail_reset_password_text(name)],
                button: Some(link(texts.mail_reset_password_button(), "/reset")),
                notes: vec![once(), texts.mail_reset_password_note()],
                footer,
            },
            Mail::VerifyEmail { .. } => Self {
                subject: texts.mail_verify_email_subject(name),
                paragraphs: vec![texts.mail_verify_email_text(name)],
                button: Some(link(texts.mail_verify_email_button(), "/verify")),
                notes: vec![once(), texts.mail_verify_email_note()],
                footer,
            },
            Mail::EmailChangeRequested { .. } => Self {
                subject: texts.mail_change_email_subject(name),
                paragraphs: vec![texts.mail_change_email_text(name)],
                button: Some(link(texts.mail_change_email_button(), "/verify")),
                notes: vec![once(), texts.mail_change_email_note()],
                footer,
            },
            Mail::EmailChanged { new_address } => Self {
                subject: texts.mail_email_changed_subject(name),
                paragraphs: vec![texts.mail_email_changed_text(readable(new_address), name)],
                button: None,
                notes: vec![texts.mail_email_changed_note()],
                footer,
            },
            Mail::SignInLink { .. } => Self {
                subject: texts.mail_sign_in_subject(name),
                paragraphs: vec![texts.mail_sign_in_text(name)],
                button: Some(link(texts.mail_sign_in_button(), "/signin/link")),
                notes: vec![once(), texts.mail_sign_in_note()],
                footer,
            },
            Mail::PasswordChanged => Self {
                subject: texts.mail_password_changed_subject(name),
                paragraphs: vec![texts.mail_password_changed_text(name), texts.mail_password_changed_other()],
                button: Some(button(texts.mail_password_changed_button(), "/forgot")),
                notes: vec![],
                footer,
            },
            Mail::YourCode { .. } => {
                let given = details.code.as_ref();
                let code = given.map_or("", |given| &*given.code);
                let end = given.and_then(|given| given.expires_at);
                Self {
                    subject: texts.mail_your_code_subject(name),
                    paragraphs: vec![texts.mail_your_code_text(name, code), texts.mail_your_code_how()],
                    button: Some(button(texts.mail_your_code_button(), &format!("/r/{code}"))),
                    notes: end
                        .map(|end| texts.mail_your_code_expires(texts.moment(end)))
                        .into_iter()
                        .chain([texts.mail_your_code_note()])
                        .collect(),
                    footer: texts.mail_your_code_footer(name),
                }
            }
            Mail::Test => Self {
                subject: texts.mail_test_subject(name),
                paragraphs: vec![texts.mail_test_text(name)],
                button: Some(button(texts.mail_test_button(), "/admin/system")),
                notes: vec![],
                footer,
            },
        }
    }
}
