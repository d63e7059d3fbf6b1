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
pub const DAYS: i64 = 30;

pub async fn run(door: &Door, user: &SignedIn) -> Result<Dashboard, AppError> {
    let server = &door.server;
    let now = server.clock.now();
    let mut tx = server.db.read().await?;
    let stats = counters::of_user(&mut tx, user.user).await?.ok_or(AppError::SignedOut)?;
    let code = codes::personal(&mut tx, user.user).await?;
    let days = counters::days_of(&mut tx, user.user, first_day(now)).await?;
    Ok(Dashboard {
        username: user.username.clone(),
        link: code.as_ref().map(|(code, _)| format!("{}/r/{code}", server.base_url)).unwrap_or_default(),
        code_active: code.is_none_or(|(_, active)| active),
        program_enabled: server.program.get().referral_codes_enabled,
        stats,
        days: every_day(now, DAYS, days),
    })
}

/// The number of the first day on the chart.
pub fn first_day(now: Time) -> i64 {
    now.day() - DAYS + 1
}

/// The last `count` days, oldest first, with zeros where nothing happened. `days` has day number, clicks, sign-ups.
pub fn every_day(now: Time, count: i64, days: Vec<(i64, i64, i64)>) -> Vec<Day> {
    let known: HashMap<i64, (i64, i64)> =
        days.into_iter().map(|(day, clicks, signups)| (day, (clicks, signups))).collect();
    (now.day() - count + 1..=now.day())
        .map(|day| {
            let (clicks, signups) = known.get(&day).copied().unwrap_or_default();
            Day { start: Time(day * DAY), clicks, signups }
        })
        .collect()
}
