//! Rewards, for admins.

use crate::{
    domain::{ids::RewardId, path::LocalPath},
    error::Refusal,
    view_models::reward_pages::{RewardPageData, RewardsPage},
};
use leptos::prelude::*;

/// Loads a page of rewards that begins at `after`, the `next` of the page before. `person` is an e-mail, a username or
/// an id of the host product, in full; `state` the name of a state, or `approval`, `owed`, `frozen` or `failed`; `rule`
/// an id.
#[server(endpoint = "load_rewards")]
pub async fn load_rewards(
    #[server(default)] person: String,
    #[server(default)] state: String,
    #[server(default)] kind: String,
    #[server(default)] rule: String,
    #[server(default)] after: String,
) -> Result<RewardsPage, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::rewards::list_rewards},
        view_models::reward_pages::RewardQuery,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    let query = RewardQuery { person, state, kind, rule };
    Ok(list_rewards::run(&context.state, query, &after).await?)
}

/// Loads one reward with its history.
#[server(endpoint = "load_reward")]
pub async fn load_reward(id: RewardId) -> Result<RewardPageData, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::rewards::get_reward};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(get_reward::run(&context.state, id).await?)
}

/// Approves rewards, by their ids parted by commas; all of them or none. Leads to `back`, a page of rewards.
#[server(endpoint = "approve_rewards")]
pub async fn approve_rewards(
    #[server(default)] ids: String,
    #[server(default)] back: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::rewards::decide_rewards::{self, Decision},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    decide_rewards::run(&context.state, &context.admin_actor()?, &ids, Decision::Approve).await?;
    Ok(back_to(&back, "rewards-approved"))
}

/// Ends rewards for good, by their ids parted by commas; all of them or none. Leads to `back`, a page of rewards.
#[server(endpoint = "void_rewards")]
pub async fn void_rewards(
    #[server(default)] ids: String,
    #[server(default)] reason: String,
    #[server(default)] back: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::rewards::decide_rewards::{self, Decision},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    let decision = Decision::Void { reason: &reason };
    decide_rewards::run(&context.state, &context.admin_actor()?, &ids, decision).await?;
    Ok(back_to(&back, "rewards-voided"))
}

/// Says that what is owed of rewards was paid back, by their ids parted by commas; of all of them or none. Leads to
/// `back`, a page of rewards.
#[server(endpoint = "settle_rewards")]
pub async fn settle_rewards(
    #[server(default)] ids: String,
    #[server(default)] back: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::rewards::decide_rewards::{self, Decision},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    decide_rewards::run(&context.state, &context.admin_actor()?, &ids, Decision::PaidBack).await?;
    Ok(back_to(&back, "rewards-settled"))
}

/// Asks for nothing of what is owed of rewards any more, by their ids parted by commas; of all of them or none. Leads
/// to `back`, a page of rewards.
#[server(endpoint = "write_off_rewards")]
pub async fn write_off_rewards(
    #[server(default)] ids: String,
    #[server(default)] back: String,
) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::rewards::decide_rewards::{self, Decision},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    decide_rewards::run(&context.state, &context.admin_actor()?, &ids, Decision::WriteOff).await?;
    Ok(back_to(&back, "rewards-written-off"))
}

/// Says that the host product has given a reward to its recipient.
#[server(endpoint = "mark_reward_delivered")]
pub async fn mark_reward_delivered(id: RewardId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::rewards::decide_rewards, context::request_context::RequestContext};
    let context = RequestContext::current();
    decide_rewards::mark_delivered(&context.state, &context.admin_actor()?, id).await?;
    Ok(back_to(&format!("/admin/rewards/{id}"), "reward-delivered"))
}

/// A page of rewards, which says what was done; the list where `back` is none.
#[cfg(feature = "ssr")]
fn back_to(back: &str, done: &str) -> LocalPath {
    const LIST: &str = "/admin/rewards";
    let of_rewards = back.strip_prefix(LIST).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let back = if of_rewards { back } else { LIST };
    let more = if back.contains('?') { '&' } else { '?' };
    LocalPath::parse(&format!("{back}{more}done={done}")).unwrap_or(LocalPath::of(LIST))
}
