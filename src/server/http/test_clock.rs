//! Moving the time forward, for tests: `POST /test/clock`, where `TEST_CLOCK` is on.

use crate::{
    domain::{message::Message, time::Time},
    error::AppError,
    server::{
        api::{extract, problem::Problem},
        state::AppState,
        store::click_partitions,
    },
};
use axum::{
    Json,
    extract::{Request, State},
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: i64,
}

/// The time that it is now.
#[derive(Serialize)]
pub struct Moved {
    now: String,
}

/// `POST /test/clock`: moves the time of this server forward. JSON is taken whatever it is sent as.
pub async fn advance(State(state): State<AppState>, request: Request) -> Result<Json<Moved>, Problem> {
    let (_, body) = extract::bytes(request).await?;
    let Advance { advance_ms } = extract::parse_object(&body)?;
    let now = state.clock.now();
    let most = Time::MAX.since(now);
    if !(0..=most).contains(&advance_ms) {
        return Err(AppError::invalid("advance_ms", Message::WholeNumber { min: 0, max: most }).into());
    }
    // Before anybody clicks in a month that has none: what is in the partition for the rest keeps it from being made.
    click_partitions::ensure_ahead(&state.db, now.plus(advance_ms)).await?;
    state.clock.advance(advance_ms);
    // Some are due now.
    state.new_job.send_replace(());
    Ok(Json(Moved { now: state.clock.now().rfc_3339() }))
}
