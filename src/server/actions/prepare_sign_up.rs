//! What the sign-up page shows: the code of the link, or of the visit that would be credited.

use super::{
    super::door::Door,
    weigh::{self, FormCode, Trail},
};
use crate::{domain::code::Code, error::AppError, functions::accounts::SignUpPage};

/// A code in the address that cannot be used is left out without a word.
pub async fn run(door: &Door, ref_code: &str) -> Result<SignUpPage, AppError> {
    let server = &door.server;
    let program = server.program.get();
    let now = server.clock.now();
    let mut code = String::new();
    if program.referral_codes_enabled {
        if let Some(linked) = Code::parse(ref_code)
            && server.book.usable(&server.db, &linked, now).await.is_some()
        {
            code = linked.to_string();
        } else if door.caller.memory.as_ref().is_some_and(|memory| !memory.touches.is_empty()) {
            let trail = Trail::from(&*door.caller);
            let mut tx = server.db.read().await?;
            let decision = weigh::run(&mut tx, &program, &trail, &FormCode::default(), "", now).await?;
            code = decision.choice().map(|choice| choice.code.clone()).unwrap_or_default();
        }
    }
    Ok(SignUpPage {
        code,
        code_required: program.referral_codes_enabled && program.referral_codes_required,
        policy_url: program.policy_url.clone(),
    })
}
