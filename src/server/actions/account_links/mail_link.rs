//! Mailing somebody a link, within the transaction that needs it.

use crate::{
    domain::{
        accounts::account_link::LinkPurpose,
        ids::AccountLinkId,
        mails::{Mail, NewMail},
    },
    server::store::{
        account_links::{self, NewAccountLink},
        db::Tx,
        mails,
    },
};

/// Keeps the link and the mail; whoever commits it wakes the sender by `new_job`. `locale` is the language for an
/// account that has none.
pub async fn run_in(tx: &mut Tx, link: &NewAccountLink<'_>, locale: &str) -> sqlx::Result<()> {
    let id = account_links::insert(tx, link).await?;
    let Some(mail) = mail_of(link.purpose, id) else { return Ok(()) };
    let mail = NewMail {
        to: link.email.to_owned(),
        user_id: Some(link.user),
        mail,
        locale: Some(locale.to_owned()),
        expires_at: Some(link.expires_at()),
    };
    mails::enqueue(tx, &mail, link.now).await?;
    Ok(())
}

/// What is said with the link; nothing for one that the host product hands over.
fn mail_of(purpose: LinkPurpose, link: AccountLinkId) -> Option<Mail> {
    match purpose {
        LinkPurpose::ResetPassword => Some(Mail::ResetPassword { link }),
        LinkPurpose::VerifyEmail => Some(Mail::VerifyEmail { link }),
        LinkPurpose::ChangeEmail => Some(Mail::EmailChangeRequested { link }),
        LinkPurpose::SignIn => Some(Mail::SignInLink { link }),
        LinkPurpose::Login => None,
    }
}
