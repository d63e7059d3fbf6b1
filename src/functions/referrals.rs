//! Who was credited for whom, and why, for admins.

use crate::{
    domain::ids::UserId,
    error::Refusal,
    view_models::referrals::{AttributionPageData, AttributionsPage},
};
use leptos::prelude::*;

/// Loads a page of decisions that begins at `after`, the `next` of the page before. `q` is an e-mail, a username or a code,
/// in full; `state` is `credited`, `signed-up`, `converted` or `not-credited`; `rule` the name of a [`Rule`].
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

/// Loads the decision about the sign-up of one user.
#[server(endpoint = "load_attribution")]
pub async fn load_attribution(id: UserId) -> Result<AttributionPageData, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::referrals};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(referrals::one(&context.state, id).await?)
}
