//! How the running program is, for admins.

use crate::{
    domain::{
        ids::{JobId, MailId},
        path::LocalPath,
    },
    error::Refusal,
    view_models::system::SystemPage,
};
use leptos::prelude::*;

/// Loads what runs and which jobs are open or failed. `after` is where the page of failed ones begins.
#[server(endpoint = "load_system")]
pub async fn load_system(#[server(default)] after: String) -> Result<SystemPage, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::system},
        text::texts,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(system::run(&context.state, &after, &texts()).await?)
}

/// Lets a failed job begin anew.
#[server(endpoint = "retry_job")]
pub async fn retry_job(id: JobId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::jobs::retry_job, context::request_context::RequestContext};
    let context = RequestContext::current();
    retry_job::run(&context.state, &context.admin_actor()?, id).await?;
    Ok(LocalPath::of("/admin/system?done=tried-again"))
}

/// Sends a mail that failed once more.
#[server(endpoint = "resend_mail")]
pub async fn resend_mail(id: MailId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::mails::resend_mail, context::request_context::RequestContext};
    let context = RequestContext::current();
    resend_mail::run(&context.state, &context.admin_actor()?, id).await?;
    Ok(LocalPath::of("/admin/system?done=mail-again"))
}

/// Deletes a mail that failed.
#[server(endpoint = "delete_mail")]
pub async fn delete_mail(id: MailId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::mails::delete_mail, context::request_context::RequestContext};
    let context = RequestContext::current();
    delete_mail::run(&context.state, &context.admin_actor()?, id).await?;
    Ok(LocalPath::of("/admin/system?done=mail-deleted"))
}

/// Sends the caller a mail, to see whether it arrives.
#[server(endpoint = "send_test_mail")]
pub async fn send_test_mail() -> Result<LocalPath, Refusal> {
    use crate::{
        server::{actions::mails::send_test_mail, context::request_context::RequestContext},
        text::texts,
    };
    let context = RequestContext::current();
    send_test_mail::run(&context.state, &context.admin_actor()?, texts().language.tag()).await?;
    Ok(LocalPath::of("/admin/system?done=mail-test"))
}
