//! Trying a failed job once more.

use crate::{
    domain::{ids::JobId, message::Message},
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        state::AppState,
        store::{job_list, jobs},
    },
};
use serde_json::json;

/// Lets a failed job begin anew. One that is open or done by now stays as it is. *Conflict* while another job does what
/// is done once at a time.
pub async fn run(state: &AppState, actor: &Actor, id: JobId) -> Result<(), AppError> {
    // The other job may be asked for at the same moment.
    retry_races(|| reopen(state, actor, id)).await?;
    state.new_job.send_replace(());
    Ok(())
}

async fn reopen(state: &AppState, actor: &Actor, id: JobId) -> Result<(), TxError> {
    let now = state.clock.now();
    let mut tx = authorize::begin(&state.db, actor).await?;
    let reopened = jobs::reopen(&mut tx, id, now).await?;
    let job = job_list::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if reopened {
        let target = Target { kind: "job", id: Some(id.0), name: &job.kind };
        let (was, is) = (json!({ "state": "failed" }), json!({ "state": "open" }));
        audit::write(&mut tx, actor, "job.retry", target, was, is, now).await?;
    } else if job.state == "failed" {
        return Err(AppError::conflict("", Message::JobOpenAlready).into());
    }
    Ok(tx.commit().await?)
}
