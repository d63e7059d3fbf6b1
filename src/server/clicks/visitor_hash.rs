//! Who a browser without a cookie is: a keyed hash that nobody can undo once the salt of the day is gone.

use crate::server::auth::client_ip::ClientIp;
use arc_swap::ArcSwapOption;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::Arc;

/// The salt of the day, the same on all instances; forgotten with the day.
#[derive(Default)]
pub struct VisitorHash(ArcSwapOption<(i64, Hmac<Sha256>)>);

impl VisitorHash {
    /// The visitor on this day; nothing while the day's salt is not known.
    pub fn of(&self, day: i64, client: ClientIp, user_agent: &str) -> Option<i64> {
        let salt = self.0.load();
        let (_, salted) = &**salt.as_ref().filter(|salt| salt.0 == day)?;
        let hash = salted.clone().chain_update(client.key()).chain_update(user_agent).finalize().into_bytes();
        hash.first_chunk().map(|first| i64::from_le_bytes(*first))
    }

    /// Whether the salt of this day is known.
    pub fn knows(&self, day: i64) -> bool {
        self.0.load().as_ref().is_some_and(|salt| salt.0 == day)
    }

    /// Takes the salt of a day instead of the last one.
    pub fn set(&self, day: i64, salt: &[u8]) {
        let key = Hmac::new_from_slice(salt).ok();
        self.0.store(key.map(|key| Arc::new((day, key))));
    }
}
