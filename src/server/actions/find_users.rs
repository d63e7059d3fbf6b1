//! Users whose e-mail or username begins in a certain way.

use super::super::{state::Server, store::people};
use crate::{error::AppError, functions::campaigns::Choice};

const MOST: i64 = 10;

/// Nobody for an empty beginning.
pub async fn run(server: &Server, q: &str) -> Result<Vec<Choice>, AppError> {
    let q = q.trim().to_lowercase();
    if q.is_empty() {
        return Ok(vec![]);
    }
    let found = people::page(&mut server.db.read().await?, &q, i64::MAX, MOST).await?;
    Ok(found.into_iter().map(|p| Choice { id: p.id, email: p.email, username: p.username }).collect())
}
