//! Many campaign codes at once, for admins.

use crate::{
    domain::{codes::campaign::CampaignForm, ids::JobId, path::LocalPath},
    error::Refusal,
    view_models::bulk_codes::{BatchPageData, BulkJob},
};
use leptos::prelude::*;

/// Loads how far a job is.
#[server(endpoint = "load_bulk_job")]
pub async fn load_bulk_job(id: JobId) -> Result<BulkJob, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::codes::bulk_jobs},
        text::texts,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(bulk_jobs::one(&context.state, id, &texts()).await?)
}

/// Loads a job with the codes that it created. `after` is where the page of those begins who were sent codes.
#[server(endpoint = "load_batch")]
pub async fn load_batch(id: JobId, #[server(default)] after: String) -> Result<BatchPageData, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::codes::bulk_jobs},
        text::texts,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(bulk_jobs::batch(&context.state, id, &after, &texts()).await?)
}

/// Loads the jobs that are not done, then the latest.
#[server(endpoint = "load_bulk_jobs")]
pub async fn load_bulk_jobs() -> Result<Vec<BulkJob>, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::codes::bulk_jobs},
        text::texts,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(bulk_jobs::latest(&context.state, &texts()).await?)
}

/// Asks for many codes: `count` of them, `prefix` and `length` random characters each; the rest as for a single one.
/// Leads to the page that shows how far they are.
#[server(endpoint = "request_bulk_codes")]
pub async fn request_bulk_codes(
    #[server(default)] prefix: String,
    #[server(default)] length: String,
    #[server(default)] count: String,
    #[server(flatten)] shared: CampaignForm,
) -> Result<LocalPath, Refusal> {
    use crate::{
        domain::codes::bulk::BulkForm,
        server::{actions::codes::request_bulk_codes, context::request_context::RequestContext},
    };
    let context = RequestContext::current();
    let form = BulkForm { prefix, length, count, shared };
    let id = request_bulk_codes::run(&context.state, &context.admin_actor()?, &form, context.sent_form()).await?;
    Ok(LocalPath::parse(&format!("/admin/codes/bulk/{id}")).unwrap_or(LocalPath::of("/admin/codes/bulk")))
}

/// Switches all codes of a batch on or off.
#[server(endpoint = "switch_batch")]
pub async fn switch_batch(id: JobId, #[server(default)] active: bool) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::codes::change_batch::{self, BatchChange},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    change_batch::run(&context.state, &context.admin_actor()?, id, BatchChange::Active(active)).await?;
    Ok(LocalPath::parse(&format!("/admin/codes/bulk/{id}?done=saved")).unwrap_or(LocalPath::of("/admin/codes/bulk")))
}

/// Gives all codes of a batch one end: `expires_at` as for a single code.
#[server(endpoint = "set_batch_expiry")]
pub async fn set_batch_expiry(
    id: JobId,
    #[server(default)] expires_at: String,
    #[server(default)] never_expires: bool,
) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::codes::change_batch::{self, BatchChange},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    let expires_at = if never_expires { "" } else { &expires_at };
    change_batch::run(&context.state, &context.admin_actor()?, id, BatchChange::Expiry(expires_at)).await?;
    Ok(LocalPath::parse(&format!("/admin/codes/bulk/{id}?done=saved")).unwrap_or(LocalPath::of("/admin/codes/bulk")))
}

/// Deletes all codes of a batch, if that was `confirmed`. Their history is kept.
#[server(endpoint = "delete_batch")]
pub async fn delete_batch(id: JobId, #[server(default)] confirmed: bool) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::codes::change_batch::{self, BatchChange},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    change_batch::run(&context.state, &context.admin_actor()?, id, BatchChange::Delete { confirmed }).await?;
    Ok(LocalPath::of("/admin/codes?done=deleted-codes"))
}

/// Sends codes of a batch to a list of addresses, one each. `language` is that of the mails.
#[server(endpoint = "mail_codes")]
pub async fn mail_codes(
    id: JobId,
    #[server(default)] addresses: String,
    #[server(default)] language: String,
) -> Result<LocalPath, Refusal> {
    use crate::{
        domain::message::Message,
        error::AppError,
        server::{
            actions::codes::mail_codes::{self, Mailed},
            context::request_context::RequestContext,
        },
        text::language::Language,
    };
    let context = RequestContext::current();
    let actor = context.admin_actor()?;
    let language = Language::parse(&language).ok_or_else(|| AppError::invalid("language", Message::ChoiceUnknown))?;
    let Mailed { sent, passed_over } =
        mail_codes::run(&context.state, &actor, id, &addresses, language.tag(), context.sent_form()).await?;
    let page = format!("/admin/codes/bulk/{id}?done=codes-mailed&sent={sent}&passed={passed_over}");
    Ok(LocalPath::parse(&page).unwrap_or(LocalPath::of("/admin/codes/bulk")))
}
