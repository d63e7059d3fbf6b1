//! Who was credited for whom, and why, for admins.

use crate::{
    domain::{ids::UserId, path::LocalPath},
    error::Refusal,
    view_models::referrals::{AttributionPageData, AttributionsPage},
};
use leptos::prelude::*;

/// Loads a page of decisions that begins at `after`, the `next` of the page before. `q` is an e-mail, a username or a
/// code, in full; `state` is `credited`, `signed-up`, `converted` or `not-credited`; `rule` the name of a [`Rule`].
#[server(endpoint = "load_attributions")]
pub async fn load_attributions(
    #[server(default)] q: String,
    #[server(default)] state: String,
    #[server(default)] rule: String,
    #[server(default)] after: String,
) -> Result<AttributionsPage, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::referrals};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(referrals::run(&context.state, q, state, rule, &after).await?)
}

/// Credits another code for the sign-up of a user, or nobody when it is empty. With `keep_rewards` a former referrer
/// keeps what they have used of their rewards.
#[server(endpoint = "correct_attribution")]
pub async fn correct_attribution(
    id: UserId,
    #[server(default)] code: String,
    #[server(default)] reason: String,
    #[server(default)] keep_rewards: bool,
) -> Result<LocalPath, Refusal> {
    use crate::server::{actions::referrals::correct_attribution, context::request_context::RequestContext};
    let context = RequestContext::current();
    let actor = context.admin_actor()?;
    correct_attribution::run(&context.state, &actor, id, &code, &reason, keep_rewards).await?;
    Ok(LocalPath::parse(&format!("/admin/referrals/{id}?done=saved")).unwrap_or(LocalPath::of("/admin/referrals")))
}

/// Loads the decision about the sign-up of one user.
#[server(endpoint = "load_attribution")]
pub async fn load_attribution(id: UserId) -> Result<AttributionPageData, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::referrals};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(referrals::one(&context.state, id).await?)
}
