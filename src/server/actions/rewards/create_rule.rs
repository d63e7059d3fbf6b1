//! Making a reward rule.

use crate::{
    domain::{ids::RuleId, rewards::rule::RuleTerms, time::Time},
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
