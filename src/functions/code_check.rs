//! Codes, as far as visitors ask for them.

use crate::{domain::codes::code::CodeProblem, error::AppError};
use leptos::prelude::*;

/// Why a typed code cannot be used; `None` when it can. Has a budget of its own: checking never uses up submitting.
#[server(endpoint = "check_code")]
pub async fn check_code(code: String) -> Result<Option<CodeProblem>, AppError> {
    use crate::server::{context::request_context::RequestContext, queries::codes::check_code};
    let context = RequestContext::current();
    check_code::run(&context.state, context.caller(), &code).await
}
