//! The numbers of a dashboard: a handful of rows, whatever the history.

use super::super::{
    auth::SignedIn,
    door::Door,
    store::{codes, counters},
};
use crate::{
    domain::time::{DAY, Time},
    error::AppError,
    functions::dashboard::{Dashboard, Day},
};
use std::collections::HashMap;

/// Days on the chart.
const DAYS: i64 = 30;

pub async fn run(door: &Door, user: &SignedIn) -> Result<Dashboard, AppError> {
    let server = &door.server;
    let today = server.clock.now().day();
    let mut tx = server.db.read().await?;
    let stats = counters::of_user(&mut tx, user.user).await?.ok_or(AppError::SignedOut)?;
    let code = codes::personal(&mut tx, user.user).await?;
    let days: HashMap<i64, (i64, i64)> = counters::days_of(&mut tx, user.user, today - DAYS + 1)
        .await?
        .into_iter()
        .map(|(day, clicks, signups)| (day, (clicks, signups)))
        .collect();
    let days = (today - DAYS + 1..=today)
        .map(|day| {
            let (clicks, signups) = days.get(&day).copied().unwrap_or_default();
            Day { start: Time(day * DAY), clicks, signups }
        })
        .collect();
    Ok(Dashboard {
        username: user.username.clone(),
        link: code.as_ref().map(|(code, _)| format!("{}/r/{code}", server.base_url)).unwrap_or_default(),
        code_active: code.is_none_or(|(_, active)| active),
        program_enabled: server.program.get().referral_codes_enabled,
        stats,
        days,
    })
}
