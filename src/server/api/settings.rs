//! The program: its settings and its numbers.

use crate::{
    domain::{
        settings::ProgramSettings,
        time::{DAY, Time},
    },
    server::{
        actions::settings::update_settings,
        api::{
            auth::{Admin, ApiKey, Read},
            bodies::{
                Instant,
                settings::{PeriodStats, SettingsChanges, Stats, StatsQuery},
            },
            extract::{JsonBody, QueryParams},
            language::texts,
            problem::Problem,
        },
        state::AppState,
        store::{program_stats, revenue},
    },
};
use axum::{Json, extract::State};

/// Get the settings
#[utoipa::path(get, operation_id = "getSettings", path = "/settings", tag = "program", security(("key" = ["read"])),
    responses((status = 200, description = "All settings", body = ProgramSettings)))]
pub async fn settings(_: ApiKey<Read>, State(state): State<AppState>) -> Json<ProgramSettings> {
    Json((*state.settings.get()).clone())
}

/// Update settings
///
/// Live on all pages and instances from the answer on.
#[utoipa::path(patch, operation_id = "updateSettings", path = "/settings", tag = "program",
    request_body = SettingsChanges,
    security(("key" = ["admin"])), responses((status = 200, description = "All settings", body = ProgramSettings)))]
pub async fn change(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    JsonBody(changes): JsonBody<SettingsChanges>,
) -> Result<Json<ProgramSettings>, Problem> {
    let change = |settings| Ok(changes.apply(settings));
    Ok(Json(update_settings::run(&state, &key.actor(), change).await?))
}

/// Get the program statistics
#[utoipa::path(get, operation_id = "getStats", path = "/stats", tag = "program", params(StatsQuery),
    security(("key" = ["read"])),
    responses((status = 200, description = "The numbers", body = Stats)))]
pub async fn stats(
    _: ApiKey<Read>,
    State(state): State<AppState>,
    QueryParams(wanted): QueryParams<StatsQuery>,
) -> Result<Json<Stats>, Problem> {
    let days = wanted.days.unwrap_or(30);
    if !(1..=400).contains(&days) {
        return Err(Problem::invalid("days", texts().api_days_out_of_range()));
    }
    let now = state.clock.now();
    let first = now.day() - days + 1;
    let mut tx = state.db.read().await?;
    let totals = program_stats::totals(&mut tx, now).await?;
    let new = program_stats::new_since(&mut tx, first).await?;
    let period = program_stats::counts_since(&mut tx, first).await?;
    let revenue = revenue::since(&mut tx, first).await?;
    Ok(Json(Stats {
        total_codes: totals.total_codes,
        active_codes: totals.active_codes,
        total_usage: totals.total_usage,
        codes_with_usage: totals.codes_with_usage,
        total_users: totals.users,
        period: PeriodStats {
            days,
            from: Instant(Time(first * DAY)),
            new_codes: new.codes,
            new_users: new.users,
            usage: period.signups,
            codes_with_usage: new.codes_with_usage,
            clicks: period.clicks,
            unique_clicks: period.unique_clicks,
            conversions: period.conversions,
            revenue,
        },
    }))
}
