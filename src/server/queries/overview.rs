//! How the program goes. What the counters know is read each time; what takes long to count is counted once a minute,
//! and shown with its age.

use crate::{
    domain::{
        settings::{ProgramSettings, SetupChecklist},
        time::{DAY, MINUTE, Time},
    },
    error::AppError,
    server::{
        queries::statistics::by_step,
        state::AppState,
        store::{
            channels,
            db::Tx,
            overview,
            program_stats::{self, NewUsers},
            revenue_days::{self, DayRevenue},
        },
    },
    view_models::{
        overview::{CachedStatistics, Checklist, Counts, Overview, Period, Timeline},
        statistics::DayCounts,
    },
};
use std::sync::PoisonError;

/// Rows of a list.
const ROWS: i64 = 5;

/// How long counted numbers are shown.
const MAX_AGE: i64 = MINUTE;

/// A code that expires in this time ends soon.
const SOON: i64 = 3 * DAY;

/// The time that is shown, and the one before that it is compared with.
struct Times {
    shown: Timeline,
    before: Option<Timeline>,
}

impl Times {
    /// The first day of both, counted from 1970.
    fn first_day(&self) -> i64 {
        self.before.unwrap_or(self.shown).first.day()
    }
}

/// How the program goes in a period.
pub async fn run(state: &AppState, period: Period) -> Result<Overview, AppError> {
    let now = state.clock.now();
    let mut tx = state.db.read().await?;
    let times = times(&mut tx, period, now).await?;
    let days = program_stats::days(&mut tx, times.first_day()).await?;
    let revenue = revenue_days::of_program(&mut tx, times.first_day()).await?;
    let latest = overview::latest_referrals(&mut tx, ROWS).await?;
    let checklist = checklist(&mut tx, &state.settings.get()).await?;
    Ok(Overview {
        period,
        timeline: times.shown,
        counts: counts(&times.shown, &days, &revenue),
        before: times.before.map(|before| counts(&before, &days, &revenue)),
        cached: cached(state, &mut tx, period, &times, now).await?,
        latest,
        checklist,
        now,
    })
}

async fn times(tx: &mut Tx, period: Period, now: Time) -> sqlx::Result<Times> {
    Ok(match period.days() {
        Some(days) => {
            let first = |back: i64| Time((now.day() + 1 - back * days) * DAY);
            Times { shown: Timeline::of_days(first(1), days), before: Some(Timeline::of_days(first(2), days)) }
        }
        None => {
            let beginning = program_stats::beginning(tx).await?.unwrap_or(now);
            Times { shown: Timeline::since(beginning, now), before: None }
        }
    })
}

fn counts(timeline: &Timeline, days: &[DayCounts], revenue: &[DayRevenue]) -> Counts {
    let of = |number: fn(&DayCounts) -> i64| timeline.spread(days.iter().map(|day| (day.start.day(), number(day))));
    Counts {
        clicks: of(|day| day.clicks),
        signups: of(|day| day.signups),
        conversions: of(|day| day.conversions),
        revenue: by_step(timeline, revenue),
    }
}

/// What a new program still needs; nothing once all is done, or the list is put away.
async fn checklist(tx: &mut Tx, settings: &ProgramSettings) -> sqlx::Result<Option<Checklist>> {
    if settings.setup_checklist == SetupChecklist::Hidden {
        return Ok(None);
    }
    let named = settings.program_name != ProgramSettings::default().program_name;
    let checklist = Checklist {
        branding: named && (settings.accent_color.is_some() || settings.logo_url.is_some()),
        link_destination: settings.link_destination.is_some(),
        ..overview::checklist(tx).await?
    };
    Ok(Some(checklist).filter(|checklist| !checklist.is_done()))
}

async fn cached(
    state: &AppState,
    tx: &mut Tx,
    period: Period,
    times: &Times,
    now: Time,
) -> Result<CachedStatistics, AppError> {
    let key = period.days().unwrap_or_default();
    let known = state.statistics.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    // At midnight all steps move on.
    let fresh = |known: &CachedStatistics| {
        (0..MAX_AGE).contains(&now.since(known.counted_at)) && known.counted_at.day() == now.day()
    };
    let fits = |known: &CachedStatistics| known.new_users.len() as i64 == times.shown.steps;
    if let Some(known) = known.filter(|known| fresh(known) && fits(known)) {
        return Ok(known);
    }
    let first_day = times.shown.first.day();
    let users = program_stats::new_users(tx, times.first_day()).await?;
    let users = |timeline: &Timeline| timeline.spread(users.iter().map(|NewUsers { day, users }| (*day, *users)));
    let credit = program_stats::credit_given(tx, times.first_day()).await?;
    let credit = |timeline: &Timeline| by_step(timeline, &credit);
    let counted = CachedStatistics {
        totals: program_stats::totals(tx, now).await?,
        new_users: users(&times.shown),
        new_users_before: times.before.as_ref().map(users).unwrap_or_default(),
        rewards: credit(&times.shown),
        rewards_before: times.before.as_ref().map(credit).unwrap_or_default(),
        top_codes: program_stats::top_codes(tx, first_day, ROWS).await?,
        top_referrers: program_stats::top_referrers(tx, first_day, ROWS).await?,
        ending_codes: overview::ending_codes(tx, now, now.plus(SOON), ROWS).await?,
        channels: channels::of_program(tx, first_day).await?,
        counted_at: now,
    };
    state.statistics.lock().unwrap_or_else(PoisonError::into_inner).insert(key, counted.clone());
    Ok(counted)
}
