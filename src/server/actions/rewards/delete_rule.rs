//! Deleting a reward rule: it is hidden and gives nothing more. Rewards that were made stay as they are.

use crate::{
    domain::{ids::RuleId, time::Time},
    error::AppError,
    server::{
        actions::audit::{self, Target},
        auth::caller::Actor,
        errors::TxError,
        store::{db::Tx, reward_rules},
    },
};
use serde_json::{Value, json};

/// In a transaction of somebody who may.
pub async fn run_in(tx: &mut Tx, actor: &Actor, id: RuleId, now: Time) -> Result<(), TxError> {
    let rule = reward_rules::lock(tx, id).await?.ok_or(AppError::NotFound)?;
    let terms = reward_rules::version(tx, id, rule.version).await?.unwrap_or_default();
    reward_rules::delete(tx, id, now).await?;
    let target = Target { kind: "rule", id: Some(id.0), name: terms.label() };
    Ok(audit::write(tx, actor, "rule.delete", target, Value::Null, json!({ "deleted": true }), now).await?)
}
