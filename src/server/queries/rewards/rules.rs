//! Reward rules as they are now.

use crate::{
    domain::{
        ids::RuleId,
        rewards::{hold::Holds, rule::RuleVersion},
        time::Time,
    },
    error::AppError,
    server::{
        state::AppState,
        store::{
            db::Tx,
            reward_rules::{self, Given},
        },
    },
    text::Texts,
    view_models::rewards::{RuleFormData, RuleRow, RuleView, RulesPage},
};

/// All rules that are not deleted.
pub async fn all(tx: &mut Tx) -> sqlx::Result<Vec<RuleView>> {
    Ok(reward_rules::current(tx).await?.into_iter().map(view).collect())
}

/// One rule, if it is not deleted.
pub async fn one(tx: &mut Tx, id: RuleId) -> sqlx::Result<Option<RuleView>> {
    Ok(all(tx).await?.into_iter().find(|rule| rule.id == id))
}

/// All rules with what they have given since an instant.
pub(crate) async fn page(state: &AppState, since: Time, texts: &Texts) -> Result<RulesPage, AppError> {
    let mut tx = state.db.read().await?;
    let (rules, given) = (all(&mut tx).await?, reward_rules::given_since(&mut tx, since).await?);
    let rows = rules.into_iter().map(|rule| row(rule, &given, texts)).collect();
    Ok(RulesPage { rows, holds: Holds::of(&state.settings.get()) })
}

/// What the form of a rule begins with; *not found* for one that is deleted.
pub async fn form(state: &AppState, id: RuleId) -> Result<RuleFormData, AppError> {
    let mut tx = state.db.read().await?;
    let rule = one(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    Ok(RuleFormData { rule: Some(rule), made: reward_rules::count_made(&mut tx, id).await?, ..blank(state) })
}

/// What the form for a new rule begins with.
pub fn blank(state: &AppState) -> RuleFormData {
    let settings = state.settings.get();
    RuleFormData { rule: None, currency: settings.currency.clone(), holds: Holds::of(&settings), made: 0 }
}

fn view(version: RuleVersion) -> RuleView {
    RuleView { id: version.rule, version: version.version, terms: version.terms }
}

fn row(rule: RuleView, given: &[Given], texts: &Texts) -> RuleRow {
    let own = || given.iter().filter(|given| given.rule_id == rule.id);
    let cost = own().filter(|given| given.amount != 0);
    let text = |given: &Given| texts.amount(given.amount, given.unit.as_deref(), given.currency.as_deref());
    RuleRow { given: own().map(|given| given.rewards).sum(), cost: cost.map(text).collect(), rule }
}
