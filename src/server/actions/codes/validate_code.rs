//! Checking the form of a campaign code while it is filled in.

use crate::{
    domain::{
        codes::{campaign::CampaignForm, code::Code},
        ids::CodeId,
    },
    error::{AppError, FieldError},
    server::{
        actions::codes::{create_code, update_code},
        state::AppState,
        store::{code_details, codes},
    },
};

/// All that it would be refused for; `id` is the code that is edited, nothing for a new one.
pub async fn run(state: &AppState, id: Option<CodeId>, form: &CampaignForm) -> Result<Vec<FieldError>, AppError> {
    let now = state.clock.now();
    let mut tx = state.db.read().await?;
    let before = match id {
        Some(id) => Some(code_details::campaign_by_id(&mut tx, id, now).await?.ok_or(AppError::NotFound)?),
        None => None,
    };
    let was = before.as_ref().and_then(|code| code.expires_at);
    let mut wrong = match create_code::parse_form(&mut tx, form, now, &state.settings.get().zone(), was).await {
        Ok(_) => vec![],
        Err(AppError::Invalid(errors)) => errors,
        Err(error) => return Err(error),
    };
    match before {
        Some(code)
            if !form.no_limit && form.max_uses.trim().parse().is_ok_and(|most: i64| (1..code.uses).contains(&most)) =>
        {
            wrong.extend(update_code::limit_below_uses(code.uses).fields());
        }
        Some(_) => {}
        None => {
            if let Some(code) = Code::parse(&form.code)
                && codes::by_code(&mut tx, &code).await?.is_some()
            {
                wrong.extend(create_code::code_taken().fields());
            }
        }
    }
    Ok(wrong)
}
