//! Changing a reward rule: a new version. Rewards that were made stay as they are.

use crate::{
    domain::{ids::RuleId, time::Time},
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
            rewards::{
                rule_form::{self, Typed},
                rule_group,
            },
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{db::Tx, reward_rules, settings},
    },
};
use serde_json::{Map, Value, json};

/// Changes a rule to what was typed into its form.
pub async fn run(state: &AppState, actor: &Actor, id: RuleId, typed: &Typed) -> Result<(), AppError> {
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        let program = state.settings.get();
        let mut fields = rule_form::fields(typed, &program).map_err(AppError::Invalid)?;
        let rules = reward_rules::current(&mut tx).await?;
        let rule = rules.into_iter().find(|rule| rule.rule == id).ok_or(AppError::NotFound)?;
        for (name, was) in [("starts_at", rule.terms.starts_at), ("ends_at", rule.terms.ends_at)] {
            if rule_form::is_untouched(typed, name, was, &program) {
                fields.remove(name);
            }
        }
        run_in(&mut tx, actor, id, &fields, state.clock.now()).await?;
        Ok::<_, TxError>(state.publisher.commit_and_publish(tx, &ChangeSet::default()).await?)
    })
    .await
}

/// Switches a rule on or off.
pub async fn set_active(state: &AppState, actor: &Actor, id: RuleId, active: bool) -> Result<(), AppError> {
    let fields = Map::from_iter([("active".to_owned(), json!(active))]);
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        run_in(&mut tx, actor, id, &fields, state.clock.now()).await?;
        Ok::<_, TxError>(state.publisher.commit_and_publish(tx, &ChangeSet::default()).await?)
    })
    .await
}

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
