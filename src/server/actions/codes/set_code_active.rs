//! Switching a code on or off: no link credits it from the next moment on.

use crate::{
    domain::ids::CodeId,
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
        },
        auth::caller::Actor,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{code_details, codes, db::Tx},
    },
    view_models::codes::CodeDetails,
};
use serde_json::json;

/// Switches a campaign code.
pub async fn run(state: &AppState, actor: &Actor, id: CodeId, active: bool) -> Result<(), AppError> {
    let mut tx = authorize::begin(&state.db, actor).await?;
    let before = code_details::campaign_by_id(&mut tx, id, state.clock.now()).await?.ok_or(AppError::NotFound)?;
    let changes = run_in(&mut tx, state, actor, &before, active).await?;
    Ok(state.publisher.commit_and_publish(tx, &changes).await?)
}

/// The same for a code of either kind, within a transaction of the caller's, who publishes the changes.
pub async fn run_in(
    tx: &mut Tx,
    state: &AppState,
    actor: &Actor,
    before: &CodeDetails,
    active: bool,
) -> sqlx::Result<ChangeSet> {
    codes::set_active(tx, before.id, active).await?;
    let target = Target { kind: "code", id: Some(before.id.0), name: &before.code };
    let (was, is) = (json!({ "active": before.active }), json!({ "active": active }));
    audit::write(tx, actor, "code.switch", target, was, is, state.clock.now()).await?;
    Ok(ChangeSet::of_codes(vec![before.id]))
}
