//! Deleting a campaign code: for good when it has no history, hidden when it has.

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
        store::{code_details, codes},
    },
};
use serde_json::{Value, json};

pub async fn run(state: &AppState, actor: &Actor, id: CodeId) -> Result<(), AppError> {
    let now = state.clock.now();
    let mut tx = authorize::begin(&state.db, actor).await?;
    let code = code_details::campaign_by_id(&mut tx, id, now).await?.ok_or(AppError::NotFound)?;
    let gone = codes::delete_unused(&mut tx, id).await?;
    if !gone {
        codes::hide(&mut tx, id, now).await?;
    }
    let target = Target { kind: "code", id: Some(id.0), name: &code.code };
    let before = json!({ "description": code.description, "uses": code.uses, "shown": true });
    let after =
        if gone { Value::Null } else { json!({ "description": code.description, "uses": code.uses, "shown": false }) };
    audit::write(&mut tx, actor, "code.delete", target, before, after, now).await?;
    let deleted_codes = gone.then_some(code.code).into_iter().collect();
    let changes = ChangeSet { codes: vec![id], deleted_codes, ..ChangeSet::default() };
    Ok(state.publisher.commit_and_publish(tx, &changes).await?)
}
