//! Changing all codes that were created together: one statement for all of them, and one entry of the audit log.

use crate::{
    domain::{
        codes::bulk::BulkCodesJob, ids::JobId, job::JobPayload, local_time::parse_local, message::Message, time::Time,
    },
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
        },
        auth::caller::Actor,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{bulk_codes, job_list, jobs::JobRecord},
    },
};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// What is done to all codes of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchChange<'a> {
    /// They are switched on or off.
    Active(bool),
    /// They end then: `2026-12-31T18:00` in the program's time zone, or never when it is empty.
    Expiry(&'a str),
    /// They leave the list and work no more, if whoever asks has said that this is meant. Their history stays.
    Delete { confirmed: bool },
}

/// *Not found* for what is no batch, or is not done.
pub async fn run(state: &AppState, actor: &Actor, id: JobId, change: BatchChange<'_>) -> Result<(), AppError> {
    let now = state.clock.now();
    let mut tx = authorize::begin(&state.db, actor).await?;
    let job = job_list::by_id(&mut tx, id).await?.filter(is_done_batch).ok_or(AppError::NotFound)?;
    let BulkCodesJob { codes, .. } = serde_json::from_str(&job.payload).map_err(|_| AppError::NotFound)?;
    let (action, changed, before, after) = match change {
        BatchChange::Active(active) => {
            let changed = bulk_codes::set_active(&mut tx, id, active).await?;
            let after = json!({ "active": active, "count": changed });
            ("codes.switch", changed, json!({ "active": !active }), after)
        }
        BatchChange::Expiry(text) => {
            let at = expiry(text, now, &state.settings.get().zone())?;
            let changed = bulk_codes::set_expiry(&mut tx, id, at).await?;
            let after = json!({ "expires_at": at.map(Time::minute), "count": changed });
            ("codes.edit", changed, Value::Null, after)
        }
        BatchChange::Delete { confirmed: false } => {
            return Err(AppError::invalid("confirmed", Message::DeletionUnconfirmed));
        }
        BatchChange::Delete { confirmed: true } => {
            let changed = bulk_codes::hide(&mut tx, id, now).await?;
            ("codes.delete", changed, json!({ "count": changed }), Value::Null)
        }
    };
    if changed == 0 {
        return Ok(());
    }
    let target = Target { kind: "job", id: Some(id.0), name: &codes.prefix };
    audit::write(&mut tx, actor, action, target, before, after, now).await?;
    let changes = ChangeSet { bulk_jobs: vec![id], ..ChangeSet::default() };
    Ok(state.publisher.commit_and_publish(tx, &changes).await?)
}

/// Whether it is a batch whose codes are all there.
pub(super) fn is_done_batch(job: &JobRecord) -> bool {
    job.kind == BulkCodesJob::KIND && job.state == "done"
}

fn expiry(text: &str, now: Time, zone: &TimeZone) -> Result<Option<Time>, AppError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let at = parse_local(text, zone).ok_or_else(|| AppError::invalid("expires_at", Message::MomentMalformed))?;
    if at <= now { Err(AppError::invalid("expires_at", Message::InThePast)) } else { Ok(Some(at)) }
}
