//! Codes, as far as visitors ask for them.

use crate::{domain::code::CodeProblem, error::AppError};
use leptos::prelude::*;

/// Why a typed code cannot be used; `None` when it can. Has a budget of its own: checking never uses up submitting.
#[server(endpoint = "check_code")]
pub async fn check_code(code: String) -> Result<Option<CodeProblem>, AppError> {
    use crate::server::{actions::check_code, door::Door};
    check_code::run(&Door::open(), &code).await
}
