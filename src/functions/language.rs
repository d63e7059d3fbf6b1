//! The language that somebody reads in.

use crate::{domain::path::LocalPath, error::Refusal};
use leptos::prelude::*;

/// Keeps the language in the browser and, for whoever is signed in, with the account. Leads back to `next`; what is
/// no language changes nothing.
#[server(endpoint = "choose_language")]
pub async fn choose_language(
    #[server(default)] language: String,
    #[server(default)] next: String,
) -> Result<LocalPath, Refusal> {
    use crate::{
        server::{actions::accounts::choose_language, context::request_context::RequestContext},
        text::language::Language,
    };
    let context = RequestContext::current();
    if let Some(language) = Language::parse(&language) {
        if let Some(user) = context.caller().signed_in()? {
            choose_language::run(&context.state, user, language.tag()).await?;
        }
        context.set_language_cookie(language);
    }
    Ok(LocalPath::parse(&next).unwrap_or_else(|| LocalPath::of("/")))
}
