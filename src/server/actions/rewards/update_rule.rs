//! Changing a reward rule: a new version. Rewards that were made stay as they are.

use crate::{
    domain::{ids::RuleId, time::Time},
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            rewards::rule_group,
        },
        auth::caller::Actor,
        errors::TxError,
        store::{db::Tx, reward_rules, settings},
    },
};
use serde_json::{Map, Value};

/// In a transaction of somebody who may. What is not named stays. Nothing happens when it says what it said.
pub async fn run_in(
    tx: &mut Tx,
    actor: &Actor,
    id: RuleId,
    fields: &Map<String, Value>,
    now: Time,
) -> Result<(), TxError> {
    let rule = reward_rules::lock(tx, id).await?.ok_or(AppError::NotFound)?;
    let before = reward_rules::version(tx, id, rule.version).await?.ok_or(AppError::NotFound)?;
    let settings = settings::load(tx).await?;
    let after = before.with(fields).and_then(|terms| terms.validated(&settings.currency)).map_err(AppError::Invalid)?;
    if after == before {
        return Ok(());
    }
    rule_group::check(tx, Some(id), &after).await?;
    reward_rules::add_version(tx, &rule, &after, now).await?;
    let name = after.label().to_owned();
    let target = Target { kind: "rule", id: Some(id.0), name: &name };
    let (was, is) = (Value::Object(before.into_object()), Value::Object(after.into_object()));
    Ok(audit::write(tx, actor, "rule.change", target, was, is, now).await?)
}
