//! One's own rewards.

use crate::{
    domain::{ids::RewardId, path::LocalPath},
    error::Refusal,
};
use leptos::prelude::*;

/// Uses all that is left of a reward of whoever is signed in.
#[server(endpoint = "redeem_reward")]
pub async fn redeem_reward(id: RewardId) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::rewards::own_reward, context::request_context::RequestContext};
    let context = RequestContext::current();
    own_reward::redeem(&context.state, context.require_user()?, id).await?;
    Ok(LocalPath::of("/dashboard?done=redeemed"))
}

/// Picks an option of a choice of whoever is signed in.
#[server(endpoint = "choose_option")]
pub async fn choose_option(id: RewardId, #[server(default)] option: String) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::rewards::own_reward, context::request_context::RequestContext};
    let context = RequestContext::current();
    own_reward::choose(&context.state, context.require_user()?, id, &option).await?;
    Ok(LocalPath::of("/dashboard?done=chosen"))
}
