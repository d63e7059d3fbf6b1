//! Users, as admins see them.

use crate::{
    domain::{ids::UserId, plain_text::search_text},
    error::AppError,
    server::{
        queries::split_page,
        state::AppState,
        store::{
            attributions, referrals, revenue, reward_balances,
            user_list::{self, UserSearch, UserSort},
        },
    },
    view_models::users::{UserPageData, UsersPage},
};

/// Rows of a page.
const PAGE_SIZE: usize = 50;

/// Referrals on a user's page.
const REFERRALS: i64 = 100;

/// A page of users after `after`. A search is sorted by e-mail.
pub async fn run(state: &AppState, q: String, sort: String, after: &str) -> Result<UsersPage, AppError> {
    let part = search_text(&q);
    let limit = PAGE_SIZE as i64 + 1;
    let after = after.parse().ok();
    let mut tx = state.db.read().await?;
    let by = if sort == "email" || !part.is_empty() { UserSort::Email } else { UserSort::Newest };
    let rows = match part.as_str() {
        "" => user_list::page(&mut tx, by, after.as_ref(), limit).await?,
        part => {
            let wanted = UserSearch::of(&mut tx, part).await?;
            user_list::search(&mut tx, &wanted, after.as_ref(), limit).await?
        }
    };
    let (rows, next) = split_page(rows, PAGE_SIZE, |last| by.cursor(last));
    Ok(UsersPage { q, sort, rows, next })
}

/// *Not found* where there is no such user. `viewer` is the admin who looks.
pub async fn one(state: &AppState, viewer: UserId, id: UserId) -> Result<UserPageData, AppError> {
    let mut tx = state.db.read().await?;
    let user = user_list::summary(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let receipt = attributions::of_user(&mut tx, id).await?;
    Ok(UserPageData {
        user,
        revenue: revenue::of_user(&mut tx, id).await?,
        evidence: receipt.map(|receipt| receipt.candidates).unwrap_or_default(),
        referrals: referrals::of_referrer(&mut tx, id, None, REFERRALS).await?,
        balances: reward_balances::of_user(&mut tx, id, state.clock.now()).await?,
        own: viewer == id,
    })
}
