//! Set-up, sign-up, sign-in, sign-out.

use crate::{domain::path::LocalPath, error::Refusal, view_models::accounts::SignUpPageData};
use leptos::prelude::*;

/// Prepares the sign-up page. `ref_code` is the code in its address, and `invitation` what a link says that led here
/// without one: what cannot be used is told in the same words, whatever the cause.
#[server(endpoint = "load_sign_up")]
pub async fn load_sign_up(
    #[server(default)] ref_code: String,
    #[server(default)] invitation: String,
) -> Result<SignUpPageData, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::accounts::sign_up_page};
    use crate::{domain::codes::destination::INVALID, text::texts};
    let context = RequestContext::current();
    let link = sign_up_page::Link { code: &ref_code, invalid: invitation == INVALID };
    Ok(sign_up_page::run(&context.state, context.caller(), context.attribution(), link, &texts()).await?)
}

/// Makes an account and signs it in. `linked` is the code that the form was filled with, so that a code that went bad
/// meanwhile does not stop anybody who never typed it.
#[server(endpoint = "sign_up")]
pub async fn sign_up(
    #[server(default)] email: String,
    #[server(default)] username: String,
    #[server(default)] password: String,
    #[server(default)] code: String,
    #[server(default)] linked: String,
    #[server(default)] consent: bool,
) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::accounts::sign_up, context::request_context::RequestContext};
    use crate::text::texts;
    let context = RequestContext::current();
    let form = sign_up::SignUpForm { email, username, password, code, linked, consent };
    let (caller, cookie, sent) = (context.caller(), context.attribution(), context.sent_form());
    let joined = sign_up::run(&context.state, caller, cookie, form, sent, texts().language.tag()).await?;
    context.set_session_cookie(&joined.session.token, joined.session.new_attribution.as_ref());
    Ok(LocalPath::of(if joined.credited { "/dashboard?done=joined" } else { "/dashboard" }))
}

/// Signs in and leads to `next`, if that is a page of this site.
#[server(endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<LocalPath, Refusal> {
    use crate::{
        domain::path::start_page,
        server::{actions::accounts::sign_in, context::request_context::RequestContext},
    };
    let context = RequestContext::current();
    let signed_in = sign_in::run(&context.state, context.caller(), context.attribution(), &email, password).await?;
    context.set_session_cookie(&signed_in.session.token, signed_in.session.new_attribution.as_ref());
    Ok(LocalPath::parse(&next).unwrap_or_else(|| LocalPath::of(start_page(signed_in.admin))))
}

/// Ends this browser's session; without one it does nothing.
#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Result<LocalPath, Refusal> {
    use crate::server::{actions::accounts::sign_out, context::request_context::RequestContext};
    let context = RequestContext::current();
    sign_out::run(&context.state, context.caller(), context.attribution()).await?;
    context.clear_session_cookie();
    Ok(LocalPath::of("/signin?done=signed-out"))
}

/// Refuses with *not found* once there is an admin; else the set-up page may be shown.
#[server(endpoint = "load_set_up")]
pub async fn load_set_up() -> Result<(), Refusal> {
    use crate::server::{actions::accounts::set_up, context::request_context::RequestContext};
    Ok(set_up::require_no_admin(&RequestContext::current().state).await?)
}

/// Makes the first admin with the token from the server's log. `enable` starts the program at once; without a name it
/// keeps the standard one.
#[server(endpoint = "set_up")]
pub async fn set_up(
    #[server(default)] token: String,
    #[server(default)] program_name: String,
    #[server(default)] email: String,
    #[server(default)] username: String,
    #[server(default)] password: String,
    #[server(default)] enable: bool,
) -> Result<LocalPath, Refusal> {
    use crate::{
        domain::path::start_page,
        server::{actions::accounts::set_up, context::request_context::RequestContext},
    };
    let context = RequestContext::current();
    let form = set_up::SetUpForm { token, program_name, email, username, password, enable };
    let session =
        set_up::run(&context.state, context.caller(), context.attribution(), form, context.sent_form()).await?;
    context.set_session_cookie(&session.token, session.new_attribution.as_ref());
    Ok(LocalPath::of(start_page(true)))
}
