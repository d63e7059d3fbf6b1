//! Checking a code while it is typed.

use super::super::{door::Door, limits::Attempt, store::codes};
use crate::{
    domain::code::{Code, CodeProblem},
    error::AppError,
};

/// Why the code cannot be used; `None` when it can. While the program is paused every code is unknown.
pub async fn run(door: &Door, code: &str) -> Result<Option<CodeProblem>, AppError> {
    let server = &door.server;
    server.limits.network(Attempt::CheckCode, door.caller.origin.0)?;
    let Some(code) = Code::parse(code).filter(|_| server.program.get().referral_codes_enabled) else {
        return Ok(Some(CodeProblem::CodeNotFound));
    };
    let record = codes::by_code(&mut server.db.read().await?, &code).await?;
    Ok(match record {
        Some(record) => CodeProblem::of(record.limits().status(server.clock.now())),
        None => Some(CodeProblem::CodeNotFound),
    })
}
