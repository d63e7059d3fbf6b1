//! The list of rewards.

use crate::{
    domain::{
        cursor::Cursor,
        ids::RuleId,
        plain_text::search_text,
        rewards::reward::{Delivery, RewardState},
    },
    error::AppError,
    server::{
        queries::split_page,
        state::AppState,
        store::{
            db::Tx,
            reward_list::{self, RewardFilter},
            reward_rules, user_names,
        },
    },
    view_models::{
        reward_pages::{RewardQuery, RewardsPage},
        rewards::RewardRow,
    },
};

/// Rows of a page.
const PAGE_SIZE: usize = 50;

/// A page of rewards after `after`. Nothing is found for somebody who is not known.
pub async fn run(state: &AppState, query: RewardQuery, after: &str) -> Result<RewardsPage, AppError> {
    let mut tx = state.db.read().await?;
    let after: Option<Cursor> = after.parse().ok();
    let found = match filter(&mut tx, &query).await? {
        Some(filter) => {
            let limit = PAGE_SIZE as i64 + 1;
            reward_list::page(&mut tx, &filter, after.as_ref(), limit, state.clock.now()).await?
        }
        None => vec![],
    };
    let (rows, next) = split_page(found, PAGE_SIZE, |row: &RewardRow| row.reward.cursor());
    let kinds = reward_list::kinds(&mut tx).await?;
    let rules = reward_rules::current(&mut tx).await?;
    let rules = rules.into_iter().map(|rule| (rule.rule, rule.terms.label().to_owned())).collect();
    Ok(RewardsPage { query, rows, next, kinds, rules })
}

/// What is asked for; nothing for rewards of somebody who is not known.
pub async fn filter(tx: &mut Tx, query: &RewardQuery) -> sqlx::Result<Option<RewardFilter>> {
    let user = match query.person.trim() {
        "" => None,
        person => match user_names::known_as(tx, person).await? {
            Some(user) => Some(user),
            None => return Ok(None),
        },
    };
    Ok(Some(RewardFilter {
        state: RewardState::ALL.iter().copied().find(|state| state.as_str() == query.state),
        kind: Some(search_text(&query.kind)).filter(|kind| !kind.is_empty()),
        user,
        account: None,
        delivery: (query.state == "failed").then_some(Delivery::Failed),
        rule: query.rule.parse().ok().map(RuleId),
        owed: query.state == "owed",
        frozen: query.state == "frozen",
        unapproved: query.state == "approval",
    }))
}
