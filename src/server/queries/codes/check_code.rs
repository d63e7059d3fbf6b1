//! Checking a code while it is typed.

use crate::{
    domain::codes::code::{Code, CodeProblem},
    error::AppError,
    server::{
        auth::{caller::Caller, rate_limiter::RateLimit},
        state::AppState,
        store::codes,
    },
};

/// Why the code cannot be used; `None` when it can. While the program is paused every code is unknown.
pub async fn run(state: &AppState, caller: &Caller, code: &str) -> Result<Option<CodeProblem>, AppError> {
    state.rate_limiter.network(RateLimit::CheckCode, caller.client_ip.0)?;
    let Some(code) = Code::parse(code).filter(|_| state.settings.get().referral_codes_enabled) else {
        return Ok(Some(CodeProblem::CodeNotFound));
    };
    let record = codes::by_code(&mut state.db.read().await?, &code).await?;
    Ok(match record {
        Some(record) => CodeProblem::of(record.limits().status(state.clock.now())),
        None => Some(CodeProblem::CodeNotFound),
    })
}
