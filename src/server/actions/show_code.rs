//! One campaign code: its numbers, its chart and who used it when.

use super::{
    super::{state::Server, store::campaigns},
    show_codes, show_dashboard,
};
use crate::{
    domain::ids::CodeId,
    error::AppError,
    functions::campaigns::{CodeDetail, Usage},
};

/// Usages that are listed.
const USAGES: i64 = 100;

/// The code itself, under the same condition as [`run`].
pub async fn text(server: &Server, id: CodeId) -> Result<String, AppError> {
    let record = campaigns::by_id(&mut server.db.read().await?, id).await?;
    record.map(|record| record.code).ok_or(AppError::NotFound)
}

/// *Not found* for a code that is no campaign code, or is deleted.
pub async fn run(server: &Server, id: CodeId) -> Result<CodeDetail, AppError> {
    let now = server.clock.now();
    let mut tx = server.db.read().await?;
    let record = campaigns::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let days = campaigns::days(&mut tx, id, show_dashboard::first_day(now)).await?;
    let usages = campaigns::usages(&mut tx, id, USAGES).await?;
    Ok(CodeDetail {
        link: format!("{}/r/{}", server.base_url, record.code),
        unique_clicks: record.unique_clicks,
        days: show_dashboard::every_day(now, show_dashboard::DAYS, days),
        usages: usages.into_iter().map(|(username, email, at)| Usage { username, email, at }).collect(),
        categories: campaigns::categories(&mut tx).await?,
        row: show_codes::row(record, now),
    })
}
