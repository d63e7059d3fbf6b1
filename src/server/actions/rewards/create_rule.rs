//! Making a reward rule.

use crate::{
    domain::{ids::RuleId, rewards::rule::RuleTerms, time::Time},
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
            rewards::{
                rule_form::{self, Typed},
                rule_group,
            },
            sent_form,
        },
        auth::caller::{Actor, SentForm},
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{db::Tx, reward_rules, settings},
    },
};
use serde_json::{Map, Value};

/// Makes the rule that was typed into the form for one. The same form sent again makes no other rule.
pub async fn run(state: &AppState, actor: &Actor, typed: &Typed, sent: Option<SentForm>) -> Result<RuleId, AppError> {
    retry_races(|| async {
        let now = state.clock.now();
        let mut tx = authorize::begin(&state.db, actor).await?;
        if let Some(made) = sent_form::made_before(&mut tx, actor, sent, now).await? {
            return Ok::<_, TxError>(RuleId(made));
        }
        let fields = rule_form::fields(typed, &state.settings.get()).map_err(AppError::Invalid)?;
        let id = run_in(&mut tx, actor, &fields, now).await?;
        sent_form::keep(&mut tx, actor, sent, id.0).await?;
        state.publisher.commit_and_publish(tx, &ChangeSet::default()).await?;
        Ok(id)
    })
    .await
}

/// In a transaction of somebody who may: a rule with these terms, by their names, and the defaults of all others.
pub async fn run_in(tx: &mut Tx, actor: &Actor, fields: &Map<String, Value>, now: Time) -> Result<RuleId, TxError> {
    let settings = settings::load(tx).await?;
    let terms = RuleTerms::default().with(fields).and_then(|terms| terms.validated(&settings.currency));
    let terms = terms.map_err(AppError::Invalid)?;
    rule_group::check(tx, None, &terms).await?;
    let id = reward_rules::insert(tx, &terms, now).await?;
    let name = terms.label().to_owned();
    let target = Target { kind: "rule", id: Some(id.0), name: &name };
    audit::write(tx, actor, "rule.create", target, Value::Null, Value::Object(terms.into_object()), now).await?;
    Ok(id)
}
