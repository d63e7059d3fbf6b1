//! Deleting a reward rule: it is hidden and gives nothing more. Rewards that were made stay as they are.

use crate::{
    domain::{ids::RuleId, time::Time},
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{db::Tx, reward_rules},
    },
};
use serde_json::{Value, json};

/// Deletes a rule.
pub async fn run(state: &AppState, actor: &Actor, id: RuleId) -> Result<(), AppError> {
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        run_in(&mut tx, actor, id, state.clock.now()).await?;
        Ok::<_, TxError>(state.publisher.commit_and_publish(tx, &ChangeSet::default()).await?)
    })
    .await
}

/// In a transaction of somebody who may.
pub async fn run_in(tx: &mut Tx, actor: &Actor, id: RuleId, now: Time) -> Result<(), TxError> {
    let rule = reward_rules::lock(tx, id).await?.ok_or(AppError::NotFound)?;
    let terms = reward_rules::version(tx, id, rule.version).await?.unwrap_or_default();
    reward_rules::delete(tx, id, now).await?;
    let target = Target { kind: "rule", id: Some(id.0), name: terms.label() };
    Ok(audit::write(tx, actor, "rule.delete", target, Value::Null, json!({ "deleted": true }), now).await?)
}
