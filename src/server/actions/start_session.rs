//! Signing a browser in, within the transaction that found out who it is.

use super::super::{
    auth::{Caller, SESSION_LIFE, new_token},
    clicks::cookie::Memory,
    state::Server,
    store::{Tx, sessions, visitors},
};
use crate::domain::ids::UserId;

/// A session that the browser does not know of yet.
pub struct Started {
    /// The value of the session cookie; only its hash is stored.
    pub token: String,
    /// A new attribution cookie, when the browser had none: it is how own links are told.
    pub memory: Option<Memory>,
}

/// Starts a session and remembers that this user has used this browser.
pub async fn run(tx: &mut Tx, server: &Server, caller: &Caller, user: UserId) -> sqlx::Result<Started> {
    let now = server.clock.now();
    let (token, token_hash) = new_token(server);
    let user_agent: String = caller.user_agent.chars().take(255).collect();
    let session = sessions::NewSession {
        token_hash: &token_hash,
        user_id: user,
        user_agent: &user_agent,
        network: &caller.origin.network(),
        now,
        expires_at: now.plus(SESSION_LIFE),
    };
    sessions::insert(tx, &session).await?;
    let fresh = caller.memory.is_none().then(|| Memory::new(i64::from_le_bytes(server.chance.bytes())));
    if let Some(memory) = fresh.as_ref().or(caller.memory.as_ref()) {
        visitors::remember(tx, memory.visitor, user).await?;
    }
    Ok(Started { token, memory: fresh })
}
