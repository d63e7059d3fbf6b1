//! Users, for admins.

use crate::{
    domain::{ids::UserId, path::LocalPath},
    error::Refusal,
    view_models::users::{UserPageData, UserSuggestion, UsersPage},
};
use leptos::prelude::*;

/// Loads a page of users that begins at `after`, the `next` of the page before.
#[server(endpoint = "load_users")]
pub async fn load_users(
    #[server(default)] q: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
) -> Result<UsersPage, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::users::list_users};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(list_users::run(&context.state, q, sort, &after).await?)
}

/// Loads the page of one user.
#[server(endpoint = "load_user")]
pub async fn load_user(id: UserId) -> Result<UserPageData, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::users::list_users};
    let context = RequestContext::current();
    let admin = context.require_admin()?;
    Ok(list_users::one(&context.state, admin.user, id).await?)
}

/// Changes a user's goal, role and whether they may come in. Ends their sessions when they may not.
#[server(endpoint = "update_user")]
pub async fn update_user(
    id: UserId,
    #[server(default)] goal: String,
    #[server(default)] admin: bool,
    #[server(default)] disabled: bool,
) -> Result<LocalPath, Refusal> {
    use crate::server::{
        actions::users::update_user::{self, UserChanges},
        context::request_context::RequestContext,
    };
    let context = RequestContext::current();
    let actor = context.admin_actor()?;
    // What is no number is in no range.
    let goal = Some(goal.trim().parse().unwrap_or_default());
    let changes = UserChanges { goal, admin: Some(admin), disabled: Some(disabled), ..UserChanges::default() };
    update_user::run(&context.state, &actor, true, id, &changes).await?;
    Ok(LocalPath::parse(&format!("/admin/users/{id}?done=saved")).unwrap_or(LocalPath::of("/admin/users")))
}

/// Up to ten users whose e-mail or username begins like this, for choosing a beneficiary.
#[server(endpoint = "find_users")]
pub async fn find_users(q: String) -> Result<Vec<UserSuggestion>, Refusal> {
    use crate::server::{context::request_context::RequestContext, queries::users::find_users};
    let context = RequestContext::current();
    context.require_admin()?;
    Ok(find_users::run(&context.state, &q).await?)
}
