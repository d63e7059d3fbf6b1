//! The numbers of the whole program.

use super::{
    super::{state::Server, store::people},
    show_dashboard::every_day,
};
use crate::{error::AppError, functions::administration::Statistics};

/// Codes in the list of the best.
const TOP: i64 = 10;

pub async fn run(server: &Server, days: i64) -> Result<Statistics, AppError> {
    let period_days = if matches!(days, 7 | 30 | 90) { days } else { 30 };
    let now = server.clock.now();
    let first = now.day() - period_days + 1;
    let mut tx = server.db.read().await?;
    let totals = people::totals(&mut tx, now).await?;
    let days = people::days(&mut tx, first).await?;
    Ok(Statistics {
        total_codes: totals.total_codes,
        active_codes: totals.active_codes,
        total_usage: totals.total_usage,
        codes_with_usage: totals.codes_with_usage,
        users: totals.users,
        period_days,
        days: every_day(now, period_days, days),
        top: people::top_codes(&mut tx, first, TOP).await?,
    })
}
