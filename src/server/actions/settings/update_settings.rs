//! Changing the settings of the program: live on all pages and instances from the commit on.

use crate::{
    domain::{message::Message, settings::ProgramSettings},
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
        },
        auth::caller::Actor,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::settings,
    },
};
use jiff::tz::TimeZone;
use serde_json::Value;

/// Changes the settings as they stand, and stores what differs; the settings afterwards.
pub async fn run(
    state: &AppState,
    actor: &Actor,
    change: impl FnOnce(ProgramSettings) -> Result<ProgramSettings, AppError> + Send,
) -> Result<ProgramSettings, AppError> {
    let mut tx = authorize::begin_alone(&state.db, actor).await?;
    let before = settings::load(&mut tx).await?;
    let mut after = change(before.clone())?.validated().map_err(AppError::Invalid)?;
    let zone =
        TimeZone::get(after.time_zone.trim()).map_err(|_| AppError::invalid("time_zone", Message::TimeZoneUnknown))?;
    after.time_zone = zone.iana_name().unwrap_or("UTC").to_owned();
    let (was, is) = (before.into_object(), after.clone().into_object());
    let now = state.clock.now();
    for (name, value) in is.iter().filter(|(name, value)| was.get(*name) != Some(*value)) {
        settings::put(&mut tx, name, &value.to_string(), now).await?;
    }
    let target = Target { kind: "settings", id: None, name: "settings" };
    let (was, is) = (Value::Object(was), Value::Object(is));
    audit::write(&mut tx, actor, "settings.change", target, was, is, now).await?;
    let changes = ChangeSet { settings: true, ..ChangeSet::default() };
    state.publisher.commit_and_publish(tx, &changes).await?;
    Ok(after)
}
