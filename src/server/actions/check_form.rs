//! Checking the form of a campaign code while it is filled in.

use super::{
    super::{
        state::Server,
        store::{campaigns, codes},
    },
    create_code, edit_code,
};
use crate::{
    domain::{campaign::Form, code::Code, ids::CodeId},
    error::{AppError, FieldError},
};

/// All that it would be refused for; `id` is the code that is edited, nothing for a new one.
pub async fn run(server: &Server, id: Option<CodeId>, form: &Form) -> Result<Vec<FieldError>, AppError> {
    let mut tx = server.db.read().await?;
    let before = match id {
        Some(id) => Some(campaigns::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?),
        None => None,
    };
    let was = before.as_ref().and_then(|code| code.expires_at);
    let mut wrong = match create_code::read(&mut tx, form, server.clock.now(), was).await {
        Ok(_) => vec![],
        Err(AppError::Invalid(errors)) => errors,
        Err(error) => return Err(error),
    };
    match before {
        Some(code) if form.max_uses.trim().parse().is_ok_and(|most: i64| (1..code.uses).contains(&most)) => {
            wrong.extend(edit_code::used_more(code.uses).fields());
        }
        Some(_) => {}
        None => {
            if let Some(code) = Code::parse(&form.code)
                && codes::by_code(&mut tx, &code).await?.is_some()
            {
                wrong.extend(create_code::taken().fields());
            }
        }
    }
    Ok(wrong)
}
