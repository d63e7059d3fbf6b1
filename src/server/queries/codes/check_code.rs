//! Checking a code while it is typed.

use crate::{
    domain::codes::code::CodeProblem,
    error::AppError,
    server::{
        auth::{caller::Caller, rate_limiter::RateLimit},
        clicks::{attribution_cookie::AttributionCookie, code_cache::LookUpFailed},
        state::AppState,
        store::codes,
    },
};

/// Why the code cannot be used; `None` when it can. While the program is paused every code is unknown.
pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    text: &str,
) -> Result<Option<CodeProblem>, AppError> {
    let ip = caller.client_ip.0;
    state.rate_limiter.network(RateLimit::CheckCode, ip)?;
    if !state.settings.get().referral_codes_enabled {
        return Ok(Some(CodeProblem::CodeNotFound));
    }
    let known = |code| cookie.is_some_and(|cookie| cookie.has_followed(code));
    let found = state.code_finder.find(ip, text, known).await.map_err(|LookUpFailed| AppError::Unavailable)?;
    if found.is_some() {
        return Ok(None);
    }
    if state.code_finder.guesses.is_blocked(ip) {
        return Ok(Some(CodeProblem::CodeNotFound));
    }
    Ok(match codes::by_text(&mut state.db.read().await?, text).await? {
        Some(record) => CodeProblem::of(record.limits().status(state.clock.now())),
        None => Some(CodeProblem::CodeNotFound),
    })
}
