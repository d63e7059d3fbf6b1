//! Users, as admins see them.

use super::super::{
    state::Server,
    store::{
        attributions,
        people::{self, Person},
    },
};
use crate::{
    domain::ids::UserId,
    error::AppError,
    functions::administration::{UserDetail, UserRow, UsersPage},
};

/// Rows of a page.
const ROWS: usize = 50;

/// Referrals on a user's page.
const REFERRALS: i64 = 100;

pub async fn run(server: &Server, q: String, after: i64) -> Result<UsersPage, AppError> {
    let before = if after > 0 { after } else { i64::MAX };
    let begin = q.trim().to_lowercase();
    let mut people = people::page(&mut server.db.read().await?, &begin, before, ROWS as i64 + 1).await?;
    let more = people.len() > ROWS;
    people.truncate(ROWS);
    let next = people.last().filter(|_| more).map(|last| last.id.0);
    Ok(UsersPage { q, rows: people.into_iter().map(row).collect(), next })
}

/// *Not found* where there is no such user. `viewer` is the admin who looks.
pub async fn one(server: &Server, viewer: UserId, id: UserId) -> Result<UserDetail, AppError> {
    let mut tx = server.db.read().await?;
    let person = people::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let receipt = attributions::of_user(&mut tx, id).await?;
    Ok(UserDetail {
        clicks: person.clicks,
        row: row(person),
        receipt: receipt.map(|receipt| receipt.considered.iter().map(|c| c.sentence()).collect()).unwrap_or_default(),
        referrals: people::brought_by(&mut tx, id, REFERRALS).await?,
        own: viewer == id,
    })
}

fn row(person: Person) -> UserRow {
    UserRow {
        id: person.id,
        email: person.email,
        username: person.username,
        admin: person.role == "admin",
        disabled: person.disabled_at.is_some(),
        code: person.code.unwrap_or_default(),
        referred_by: person.referred_by.unwrap_or_default(),
        goal: person.referral_goal,
        signups: person.signups,
        created_at: person.created_at,
    }
}
