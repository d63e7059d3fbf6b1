//! Checking a code on the sign-up page.

use crate::error::Refusal;
use leptos::prelude::*;

/// Why a typed code cannot be used, in a sentence; `None` when it can. Has a budget of its own: checking never uses up
/// submitting.
#[server(endpoint = "check_code")]
pub async fn check_code(code: String) -> Result<Option<String>, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::codes::check_code},
        text::texts,
    };
    let context = RequestContext::current();
    let problem = check_code::run(&context.state, context.caller(), context.attribution(), &code).await?;
    Ok(problem.map(|problem| texts().code_problem(&problem)))
}
