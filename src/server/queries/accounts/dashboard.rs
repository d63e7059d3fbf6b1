//! The numbers of a dashboard: a handful of rows, whatever the history.

use crate::{
    error::AppError,
    server::{
        auth::sessions::SignedIn,
        queries::{accounts::unconfirmed, friends, rewards::own_rewards, statistics::every_day},
        state::AppState,
        store::{channels, codes, counters},
    },
    text::Texts,
    view_models::dashboard::Dashboard,
};

/// Days on the chart.
pub const DAYS: i64 = 30;

pub(crate) async fn run(state: &AppState, user: &SignedIn, texts: &Texts) -> Result<Dashboard, AppError> {
    let now = state.clock.now();
    let mut tx = state.db.read().await?;
    let stats = counters::of_user(&mut tx, user.user).await?.ok_or(AppError::SignedOut)?;
    let code = codes::personal(&mut tx, user.user).await?;
    let first_day = now.day() - DAYS + 1;
    let days = counters::days_of(&mut tx, user.user, first_day - DAYS).await?;
    let (days, days_before) = days.into_iter().partition(|day| day.start.day() >= first_day);
    let channels = channels::of_user(&mut tx, user.user, first_day).await?;
    let unconfirmed = unconfirmed::run(&mut tx, state, user.user).await?;
    let friends = friends::latest(&mut tx, user.user).await?;
    drop(tx);
    let rewards = own_rewards::run(state, user.user, texts).await?;
    Ok(Dashboard {
        username: user.username.clone(),
        unconfirmed,
        link: code.as_ref().map(|(code, _)| format!("{}/r/{code}", state.base_url)).unwrap_or_default(),
        code_active: code.is_none_or(|(_, active)| active),
        program_enabled: state.settings.get().referral_codes_enabled,
        stats,
        days: every_day(now, DAYS, days),
        days_before,
        channels,
        rewards,
        friends,
        now,
    })
}
