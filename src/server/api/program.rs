//! The program: its settings and its numbers.

use super::{
    bodies::{
        Instant, Money,
        program::{PeriodStats, Settings, SettingsChanges, Stats, StatsWanted},
    },
    input::{Body, Params},
    key::{Admin, ApiKey, Read},
    problem::Problem,
};
use crate::{
    domain::time::{DAY, Time},
    server::{actions::change_settings, state::Server, store::overview},
};
use axum::{Json, extract::State};

/// Get the settings
#[utoipa::path(get, path = "/settings", tag = "program", security(("key" = ["read"])),
    responses((status = 200, description = "All settings", body = Settings)))]
pub async fn settings(_: ApiKey<Read>, State(server): State<Server>) -> Json<Settings> {
    Json(Settings::from(&*server.program.get()))
}

/// Change settings
///
/// Live on all pages and instances from the answer on.
#[utoipa::path(patch, path = "/settings", tag = "program", request_body = SettingsChanges,
    security(("key" = ["admin"])), responses((status = 200, description = "All settings", body = Settings)))]
pub async fn change(
    key: ApiKey<Admin>,
    State(server): State<Server>,
    Body(changes): Body<SettingsChanges>,
) -> Result<Json<Settings>, Problem> {
    let program = change_settings::edit(&server, &key.actor(), |program| Ok(changes.over(program))).await?;
    Ok(Json(Settings::from(&program)))
}

/// Get the numbers of the whole system
#[utoipa::path(get, path = "/stats", tag = "program", params(StatsWanted), security(("key" = ["read"])),
    responses((status = 200, description = "The numbers", body = Stats)))]
pub async fn stats(
    _: ApiKey<Read>,
    State(server): State<Server>,
    Params(wanted): Params<StatsWanted>,
) -> Result<Json<Stats>, Problem> {
    let days = wanted.days.unwrap_or(30);
    if !(1..=400).contains(&days) {
        return Err(Problem::invalid("days", "Please ask for 1 to 400 days."));
    }
    let now = server.clock.now();
    let first = now.day() - days + 1;
    let mut tx = server.db.read().await?;
    let totals = overview::totals(&mut tx, now).await?;
    let period = overview::period(&mut tx, first).await?;
    Ok(Json(Stats {
        total_codes: totals.total_codes,
        active_codes: totals.active_codes,
        total_usage: totals.total_usage,
        codes_with_usage: totals.codes_with_usage,
        total_users: totals.users,
        period: PeriodStats {
            days,
            from: Instant(Time(first * DAY)),
            new_codes: period.new_codes,
            new_users: period.new_users,
            usage: period.signups,
            codes_with_usage: period.codes_with_usage,
            clicks: period.clicks,
            unique_clicks: period.unique_clicks,
            conversions: period.conversions,
            revenue: Money { amount: period.revenue, currency: server.program.get().currency.clone() },
        },
    }))
}
