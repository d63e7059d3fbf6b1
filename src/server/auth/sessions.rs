//! Sessions of signed-in users, and the tokens that name them.

use crate::{
    domain::{
        ids::{SessionId, UserId},
        time::{DAY, HOUR, Time},
    },
    server::{
        config::rng::Rng,
        store::{db::Db, sessions},
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use sha2::{Digest, Sha256};

/// How long a session lives without being used, in milliseconds.
pub const SESSION_LIFETIME: i64 = 30 * DAY;

/// A signed-in user.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: SessionId,
    pub user: UserId,
    pub username: String,
    pub admin: bool,
    /// The language that they have chosen, as a tag like `es` or `pt-BR`.
    pub locale: Option<String>,
}

/// A new token and the hash of it that is stored.
pub fn new_token(rng: &Rng) -> (String, Vec<u8>) {
    let token = BASE64.encode(rng.bytes::<32>());
    let hash = hash_token(&token);
    (token, hash)
}

/// Whether it looks like a token of ours, so that looking it up makes sense.
pub fn is_token(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// The hash of a token, which is all that is stored of it.
pub fn hash_token(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

/// Tokens that are looked up for one request.
const MAX_TOKENS: usize = 4;

/// The session of the first token that has a live one. It lives longer from now on when it was last used more than an
/// hour ago.
pub async fn find_session(
    db: &Db,
    tokens: impl Iterator<Item = &str> + Send,
    now: Time,
) -> sqlx::Result<Option<SignedIn>> {
    let mut found = None;
    for token in tokens.filter(|token| is_token(token)).take(MAX_TOKENS) {
        found = sessions::live(&mut db.read().await?, &hash_token(token), now).await?;
        if found.is_some() {
            break;
        }
    }
    let Some(session) = found else { return Ok(None) };
    if now.since(session.seen_at) > HOUR {
        let touched = async {
            let mut tx = db.begin().await?;
            sessions::touch(&mut tx, session.id, now, now.plus(SESSION_LIFETIME)).await?;
            tx.commit().await
        };
        // Whoever only reads goes on while nothing can be written.
        if let Err(error) = touched.await {
            tracing::warn!(%error, "the use of a session was not written down");
        }
    }
    Ok(Some(SignedIn {
        session: session.id,
        user: session.user_id,
        username: session.username,
        admin: session.role == "admin",
        locale: session.locale,
    }))
}
