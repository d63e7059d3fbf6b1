//! Signing in by a form that has made an account: sent twice, it leads where it led the first time.

use crate::{
    domain::ids::UserId,
    error::AppError,
    server::{
        actions::{
            accounts::start_session::{self, NewSession},
            sent_form::{self, Sender},
        },
        auth::caller::{Caller, SentForm},
        clicks::attribution_cookie::AttributionCookie,
        errors::internal,
        state::AppState,
        store::users,
    },
};

/// A session for the account that this form has made; nothing when it has made none, or when the account has another
/// password by now or is closed.
pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    sent: Option<SentForm>,
    password: String,
) -> Result<Option<(UserId, NewSession)>, AppError> {
    let made = {
        let mut tx = state.db.read().await?;
        match sent_form::made(&mut tx, Sender::NEWCOMER, sent).await? {
            Some(id) => users::by_id(&mut tx, UserId(id)).await?,
            None => None,
        }
    };
    let Some(user) = made.filter(|user| user.disabled_at.is_none()) else { return Ok(None) };
    if !state.passwords.check(password, user.password_hash.clone()).await.map_err(internal)? {
        return Ok(None);
    }
    let mut tx = state.db.begin().await?;
    let now = users::lock(&mut tx, user.id).await?;
    if now.is_none_or(|now| now.password_hash != user.password_hash || now.disabled_at.is_some()) {
        return Ok(None);
    }
    let session = start_session::run(&mut tx, state, caller, cookie, user.id).await?;
    tx.commit().await?;
    Ok(Some((user.id, session)))
}
