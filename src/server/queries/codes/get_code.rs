//! One campaign code: its numbers, its chart and who used it when.

use crate::{
    domain::ids::CodeId,
    error::AppError,
    server::{
        queries::{
            accounts::dashboard::DAYS,
            statistics::{by_currency, every_day},
        },
        state::AppState,
        store::{channels, code_details, codes, referrals, revenue, revenue_days},
    },
    view_models::codes::CodePageData,
};

/// Usages that are listed.
const USAGES: i64 = 100;

/// The code itself, under the same condition as [`run`].
pub async fn text(state: &AppState, id: CodeId) -> Result<String, AppError> {
    let code = code_details::campaign_by_id(&mut state.db.read().await?, id, state.clock.now()).await?;
    code.map(|code| code.code).ok_or(AppError::NotFound)
}

/// *Not found* for a code that is no campaign code, or is deleted.
pub async fn run(state: &AppState, id: CodeId) -> Result<CodePageData, AppError> {
    let now = state.clock.now();
    let mut tx = state.db.read().await?;
    let code = code_details::campaign_by_id(&mut tx, id, now).await?.ok_or(AppError::NotFound)?;
    let days = codes::days(&mut tx, id, now.day() - DAYS + 1).await?;
    let revenue_by_day = revenue_days::of_code(&mut tx, id, now.day() - DAYS + 1).await?;
    Ok(CodePageData {
        revenue: revenue::of_codes(&mut tx, &[id]).await?.remove(&id).unwrap_or_default(),
        link: format!("{}/r/{}", state.base_url, code.code),
        days: every_day(now, DAYS, days),
        channels: channels::of_code(&mut tx, id, now.day() - DAYS + 1).await?,
        revenue_by_day: by_currency(now, DAYS, revenue_by_day),
        usages: referrals::of_code(&mut tx, id, None, None, USAGES).await?,
        categories: codes::categories(&mut tx).await?,
        code,
    })
}
