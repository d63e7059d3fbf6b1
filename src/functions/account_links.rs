//! Links by which people come in without a password, or prove that an address is theirs. Loading one never uses it:
//! that takes a form.

use crate::{
    domain::path::LocalPath,
    error::Refusal,
    view_models::account_links::{ConfirmPage, ResetPage, SignInLinkPage},
};
use leptos::prelude::*;

/// Mails a link for a new password. The answer is the same whether somebody has the address or not.
#[server(endpoint = "send_reset_link")]
pub async fn send_reset_link(#[server(default)] email: String) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::account_links::send_link, context::request_context::RequestContext};
    use crate::{domain::accounts::account_link::LinkPurpose, text::texts};
    let context = RequestContext::current();
    let locale = texts().language.tag();
    send_link::run(&context.state, context.caller(), LinkPurpose::ResetPassword, &email, "", locale).await?;
    Ok(LocalPath::of("/forgot?sent=true"))
}

/// Loads whose password a link is for.
#[server(endpoint = "load_reset")]
pub async fn load_reset(#[server(default)] token: String) -> Result<ResetPage, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::accounts::account_link};
    Ok(account_link::reset(&RequestContext::current().state, &token).await?)
}

/// Sets a new password by a mailed link, and signs in.
#[server(endpoint = "reset_password")]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] password: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::account_links::reset_password, context::request_context::RequestContext};
    use crate::text::texts;
    let context = RequestContext::current();
    let (caller, cookie, locale) = (context.caller(), context.attribution(), texts().language.tag());
    let signed_in = reset_password::run(&context.state, caller, cookie, &token, password, locale).await?;
    context.set_session_cookie(&signed_in.session.token, signed_in.session.new_attribution.as_ref());
    Ok(LocalPath::of(if signed_in.admin { "/admin?done=password" } else { "/dashboard?done=password" }))
}

/// Mails a link that signs in and leads to `next`. The answer is the same whether somebody has the address or not.
#[server(endpoint = "send_sign_in_link")]
pub async fn send_sign_in_link(
    #[server(default)] email: String,
    #[server(default)] next: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::account_links::send_link, context::request_context::RequestContext};
    use crate::{domain::accounts::account_link::LinkPurpose, text::texts};
    let context = RequestContext::current();
    let locale = texts().language.tag();
    send_link::run(&context.state, context.caller(), LinkPurpose::SignIn, &email, &next, locale).await?;
    Ok(LocalPath::of("/signin/link?sent=true"))
}

/// Loads whom a link signs in.
#[server(endpoint = "load_sign_in_link")]
pub async fn load_sign_in_link(#[server(default)] token: String) -> Result<SignInLinkPage, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::accounts::account_link};
    let context = RequestContext::current();
    Ok(account_link::sign_in(&context.state, context.caller(), &token).await?)
}

/// Signs in by a link.
#[server(endpoint = "sign_in_by_link")]
pub async fn sign_in_by_link(#[server(default)] token: String) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::account_links::sign_in_by_link, context::request_context::RequestContext};
    let context = RequestContext::current();
    let (session, next) = sign_in_by_link::run(&context.state, context.caller(), context.attribution(), &token).await?;
    context.set_session_cookie(&session.token, session.new_attribution.as_ref());
    Ok(next)
}

/// Loads which address a link confirms.
#[server(endpoint = "load_confirm")]
pub async fn load_confirm(#[server(default)] token: String) -> Result<ConfirmPage, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::accounts::account_link};
    Ok(account_link::confirm(&RequestContext::current().state, &token).await?)
}

/// Confirms an address by a mailed link.
#[server(endpoint = "confirm_email")]
pub async fn confirm_email(#[server(default)] token: String) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::account_links::confirm_email, context::request_context::RequestContext};
    use crate::text::texts;
    let context = RequestContext::current();
    let user = confirm_email::run(&context.state, context.caller(), &token, texts().language.tag()).await?;
    let own = context.caller().signed_in()?.is_some_and(|signed_in| signed_in.user == user);
    Ok(LocalPath::of(if own { "/profile?done=email-confirmed" } else { "/signin?done=email-confirmed" }))
}

/// Sends the mail once more by which the signed-in user confirms their address. Leads back to the page `from`.
#[server(endpoint = "send_confirmation")]
pub async fn send_confirmation(#[server(default)] from: String) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::account_links::send_confirmation, context::request_context::RequestContext};
    use crate::text::texts;
    let context = RequestContext::current();
    send_confirmation::run(&context.state, context.require_user()?, texts().language.tag()).await?;
    Ok(LocalPath::of(match from.as_str() {
        "/dashboard" => "/dashboard?done=confirmation-sent",
        _ => "/profile?done=confirmation-sent",
    }))
}

/// Asks for another address of one's own account. It is changed when the new one is confirmed.
#[server(endpoint = "change_email")]
pub async fn change_email(
    #[server(default)] email: String,
    #[server(default)] current: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::account_links::change_email, context::request_context::RequestContext};
    use crate::text::texts;
    let context = RequestContext::current();
    let locale = texts().language.tag();
    change_email::run(&context.state, context.require_user()?, &email, current, locale).await?;
    Ok(LocalPath::of("/profile?done=email-change"))
}
