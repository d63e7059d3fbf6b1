//! Users, as admins see them.

use super::{
    super::{
        state::Server,
        store::{
            attributions,
            people::{self, Person},
        },
    },
    find_users,
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

pub async fn run(server: &Server, q: String, sort: String, after: &str) -> Result<UsersPage, AppError> {
    let begin = q.trim().to_lowercase();
    let mut tx = server.db.read().await?;
    let (people, next) = if begin.is_empty() {
        let last: i64 = after.parse().unwrap_or_default();
        let limit = ROWS as i64 + 1;
        let mut people = match sort.as_str() {
            "email" => people::by_email(&mut tx, UserId(last), limit).await?,
            _ => people::newest(&mut tx, if last > 0 { last } else { i64::MAX }, limit).await?,
        };
        let more = people.len() > ROWS;
        people.truncate(ROWS);
        let next = people.last().filter(|_| more).map(|last| last.id.to_string());
        (people, next)
    } else {
        find_users::page(&mut tx, &begin, after, ROWS).await?
    };
    Ok(UsersPage { q, sort, rows: people.into_iter().map(row).collect(), next })
}

/// *Not found* where there is no such user. `viewer` is the admin who looks.
pub async fn one(server: &Server, viewer: UserId, id: UserId) -> Result<UserDetail, AppError> {
    let mut tx = server.db.read().await?;
    let person = people::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let receipt = attributions::of_user(&mut tx, id).await?;
    Ok(UserDetail {
        clicks: person.clicks,
        decided: receipt.is_some(),
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
