//! Rules of one group are alternatives: they are for the same person on the same occasion.

use crate::{
    domain::{ids::RuleId, message::Message, rewards::rule::RuleTerms},
    error::AppError,
    server::{
        errors::TxError,
        store::{db::Tx, reward_rules},
    },
};

/// Refuses terms that do not fit to the other rules of their group.
pub async fn check(tx: &mut Tx, rule: Option<RuleId>, terms: &RuleTerms) -> Result<(), TxError> {
    let Some(group) = &terms.group else { return Ok(()) };
    let others = reward_rules::current(tx).await?;
    let mut others =
        others.iter().filter(|other| Some(other.rule) != rule && other.terms.group.as_ref() == Some(group));
    let occasion = |terms: &RuleTerms| (terms.trigger, terms.recipient, terms.conditions.milestone);
    match others.all(|other| occasion(&other.terms) == occasion(terms)) {
        true => Ok(()),
        false => Err(AppError::invalid("group", Message::RewardGroupMixed).into()),
    }
}
