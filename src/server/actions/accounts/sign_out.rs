//! Signing out: this browser's session ends.

use crate::{
    error::AppError,
    server::{
        auth::caller::Caller,
        clicks::attribution_cookie::AttributionCookie,
        state::AppState,
        store::{known_browsers, sessions},
    },
};

pub async fn run(state: &AppState, caller: &Caller, cookie: Option<&AttributionCookie>) -> Result<(), AppError> {
    let Some(signed_in) = caller.signed_in()? else { return Ok(()) };
    let mut tx = state.db.begin().await?;
    sessions::end(&mut tx, signed_in.user, signed_in.session).await?;
    // Strangers share the id that is derived from network and browser.
    if let Some(cookie) = cookie.filter(|cookie| !cookie.derived) {
        known_browsers::remember(&mut tx, cookie.visitor, signed_in.user).await?;
    }
    Ok(tx.commit().await?)
}
