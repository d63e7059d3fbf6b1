//! Reward rules as they are now.

use crate::{
    domain::{ids::RuleId, rewards::rule::RuleVersion},
    server::store::{db::Tx, reward_rules},
    view_models::rewards::RuleView,
};

/// All rules that are not deleted.
pub async fn all(tx: &mut Tx) -> sqlx::Result<Vec<RuleView>> {
    Ok(reward_rules::current(tx).await?.into_iter().map(view).collect())
}

/// One rule, if it is not deleted.
pub async fn one(tx: &mut Tx, id: RuleId) -> sqlx::Result<Option<RuleView>> {
    Ok(all(tx).await?.into_iter().find(|rule| rule.id == id))
}

fn view(version: RuleVersion) -> RuleView {
    RuleView { id: version.rule, version: version.version, terms: version.terms }
}
