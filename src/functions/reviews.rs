//! Referrals that look wrong, for admins.

use crate::{
    domain::{ids::UserId, path::LocalPath},
    error::Refusal,
    view_models::reviews::ReviewsPage,
};
use leptos::prelude::*;

/// Loads a page of cases that begins at `after`, the `next` of the page before, with the evidence about `case` (the id
/// of the friend), else about the first. `state` is `closed` for those that are decided.
#[server(endpoint = "load_reviews")]
pub async fn load_reviews(
    #[server(default)] state: String,
    #[server(default)] case: String,
    #[server(default)] after: String,
) -> Result<ReviewsPage, Refusal> {
    use crate::{
        server::{context::request_context::RequestContext, queries::reviews::list_reviews},
        text::texts,
    };
    let context = RequestContext::current();
    context.require_admin()?;
    let case = case.parse().ok().map(UserId);
    Ok(list_reviews::run(&context.state, state == "closed", case, &after, &texts()).await?)
}

/// Approves the referral of a friend. It takes effect a little later.
#[server(endpoint = "approve_review")]
pub async fn approve_review(id: UserId) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::reviews::decide_reviews::{self, Verdict},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    decide_reviews::run(&context.state, &context.admin_actor()?, Verdict::Approve(id)).await?;
    Ok(case(id, "review-approved"))
}

/// Approves all referrals of the referrer `id` that wait. It takes effect a little later.
#[server(endpoint = "approve_reviews_of")]
pub async fn approve_reviews_of(id: UserId) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::reviews::decide_reviews::{self, Verdict},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    decide_reviews::run(&context.state, &context.admin_actor()?, Verdict::ApproveAll(id)).await?;
    Ok(LocalPath::of("/admin/review?done=review-approved"))
}

/// Rejects the referral of a friend. It takes effect a little later.
#[server(endpoint = "reject_review")]
pub async fn reject_review(id: UserId, #[server(default)] reason: String) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::reviews::decide_reviews::{self, Verdict},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    let verdict = Verdict::Reject { referee: id, reason: &reason };
    decide_reviews::run(&context.state, &context.admin_actor()?, verdict).await?;
    Ok(case(id, "review-rejected"))
}

/// Takes back what was decided about the referral of a friend, as long as it has not taken effect.
#[server(endpoint = "undo_review")]
pub async fn undo_review(id: UserId) -> Result<LocalPath, Refusal> {
    use crate::{
        domain::message::Message,
        error::AppError,
        server::{
            actions::reviews::decide_reviews::{self, Verdict},
            context::request_context::RequestContext,
        },
    };
    let context = RequestContext::current();
    let done = decide_reviews::run(&context.state, &context.admin_actor()?, Verdict::TakeBack(id)).await?;
    if done.is_empty() {
        return Err(AppError::invalid("", Message::TooLateToUndo).into());
    }
    Ok(case(id, "review-undone"))
}

/// The page of one case, which says what was done and how to undo it.
#[cfg(feature = "ssr")]
fn case(id: UserId, done: &str) -> LocalPath {
    const LIST: &str = "/admin/review";
    LocalPath::parse(&format!("{LIST}?case={id}&done={done}")).unwrap_or(LocalPath::of(LIST))
}
