//! Signing a browser in, within the transaction that found out who it is.

use crate::{
    domain::ids::UserId,
    server::{
        auth::{
            caller::Caller,
            sessions::{SESSION_LIFETIME, new_token},
        },
        clicks::attribution_cookie::AttributionCookie,
        state::AppState,
        store::{db::Tx, known_browsers, sessions},
    },
};

/// A session that the browser does not know of yet.
pub struct NewSession {
    /// The value of the session cookie; only its hash is stored.
    pub token: String,
    /// A new attribution cookie, when the browser had none of its own: it is how own links are told.
    pub new_attribution: Option<AttributionCookie>,
}

/// Starts a session, ends the one that the browser had, and remembers that this user has used this browser.
pub async fn run(
    tx: &mut Tx,
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    user: UserId,
) -> sqlx::Result<NewSession> {
    let now = state.clock.now();
    let (token, token_hash) = new_token(&state.rng);
    let session = sessions::NewSession {
        token_hash: &token_hash,
        user_id: user,
        user_agent: &caller.user_agent,
        network: &caller.client_ip.network(),
        now,
        expires_at: now.plus(SESSION_LIFETIME),
    };
    // Where it is not known whose it was, it ends by its age.
    if let Ok(Some(old)) = caller.signed_in() {
        sessions::end(tx, old.user, old.session).await?;
    }
    sessions::insert(tx, &session).await?;
    // An id that others may share would make strangers of one network pass for one person.
    let new_attribution = match cookie {
        Some(cookie) if !cookie.derived => None,
        cookie => Some(AttributionCookie {
            touchpoints: cookie.map(|cookie| cookie.touchpoints.clone()).unwrap_or_default(),
            ..state.clicks.new_cookie()
        }),
    };
    if let Some(cookie) = new_attribution.as_ref().or(cookie) {
        known_browsers::remember(tx, cookie.visitor, user).await?;
    }
    Ok(NewSession { token, new_attribution })
}
