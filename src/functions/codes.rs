//! Campaign codes, for admins.

use crate::{
    domain::{codes::campaign::CampaignForm, ids::CodeId, path::LocalPath},
    error::{FieldText, Refusal},
    view_models::codes::{CodeFilter, CodePageData, CodeRow, CodesPage, NewCodesPageData},
};
use leptos::{prelude::*, server_fn::codec::Json};

/// Loads a page of the table.
#[server(endpoint = "load_codes", input = Json)]
pub async fn load_codes(filter: CodeFilter) -> Result<CodesPage, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::codes::list_codes},
        text::texts,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(list_codes::run(&context.state, filter, &texts()).await?)
}

/// Reloads rows of an open table, 100 at most. What is deleted is left out.
#[server(endpoint = "load_code_rows", input = Json)]
pub async fn load_code_rows(ids: Vec<CodeId>) -> Result<Vec<CodeRow>, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::codes::list_codes},
        text::texts,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(list_codes::rows(&context.state, &ids, &texts()).await?)
}

/// Loads the page of one code.
#[server(endpoint = "load_code")]
pub async fn load_code(id: CodeId) -> Result<CodePageData, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::codes::get_code};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(get_code::run(&context.state, id).await?)
}

/// What the forms for new codes begin with.
#[server(endpoint = "load_new_code")]
pub async fn load_new_code() -> Result<NewCodesPageData, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::codes::list_codes};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(list_codes::blank(&context.state).await?)
}

/// Creates a campaign code. An empty `code` asks for a random one; `expires_at` is `2026-12-31T18:00` in the program's
/// time zone or empty; `beneficiary` an e-mail, a username or empty. `no_limit` and `never_expires` outweigh what
/// stands beside them. Leads to the code's page.
#[server(endpoint = "create_code")]
pub async fn create_code(#[server(flatten)] form: CampaignForm) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::codes::create_code, context::request_context::RequestContext};
    let context = RequestContext::current();
    let id = create_code::run(&context.state, &context.admin_actor()?, &form, context.sent_form()).await?;
    Ok(LocalPath::parse(&format!("/admin/codes/{id}?done=created")).unwrap_or(LocalPath::of("/admin/codes")))
}

/// Changes a campaign code; the code itself stays, and whether it is switched on. Leads to the code's page.
#[server(endpoint = "update_code")]
pub async fn update_code(id: CodeId, #[server(flatten)] form: CampaignForm) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::codes::update_code, context::request_context::RequestContext};
    let context = RequestContext::current();
    update_code::run(&context.state, &context.admin_actor()?, id, &form).await?;
    Ok(LocalPath::parse(&format!("/admin/codes/{id}?done=saved")).unwrap_or(LocalPath::of("/admin/codes")))
}

/// All that a form for a code would be refused for, for while it is filled in; `id` is the code that is edited.
#[server(endpoint = "validate_code")]
pub async fn validate_code(
    #[server(default)] id: Option<CodeId>,
    #[server(flatten)] form: CampaignForm,
) -> Result<Vec<FieldText>, Refusal> {
    use crate::{
        server::{actions::codes::validate_code, context::request_context::RequestContext},
        text::texts,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(texts().fields(&validate_code::run(&context.state, id, &form).await?))
}

/// Switches a code on or off. `back` is the address to return to.
#[server(endpoint = "set_code_active")]
pub async fn set_code_active(
    id: CodeId,
    #[server(default)] active: bool,
    #[server(default)] back: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::codes::set_code_active, context::request_context::RequestContext};
    let context = RequestContext::current();
    set_code_active::run(&context.state, &context.admin_actor()?, id, active).await?;
    Ok(LocalPath::parse(&back).unwrap_or(LocalPath::of("/admin/codes")))
}

/// Deletes a code without uses; one with uses is hidden and keeps its history.
#[server(endpoint = "delete_code")]
pub async fn delete_code(id: CodeId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::codes::delete_code, context::request_context::RequestContext};
    let context = RequestContext::current();
    delete_code::run(&context.state, &context.admin_actor()?, id).await?;
    Ok(LocalPath::of("/admin/codes?done=deleted-code"))
}
