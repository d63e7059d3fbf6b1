//! Keyed hashes of e-mails: they tell whether somebody comes again, and nobody who has the database alone can undo
//! them.

use crate::domain::accounts::email::Email;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Hashes e-mails with a key of this installation.
#[derive(Clone)]
pub struct EmailHasher(Hmac<Sha256>);

impl EmailHasher {
    /// A hasher with this key.
    pub fn new(key: Hmac<Sha256>) -> Self {
        Self(key)
    }

    /// The hash of an e-mail in its normalised form.
    pub fn hash(&self, email: &Email) -> [u8; 32] {
        self.hash_normalised(&email.normalised())
    }

    /// The hash of an e-mail that is in its normalised form already.
    pub fn hash_normalised(&self, email: &str) -> [u8; 32] {
        self.0.clone().chain_update(email).finalize().into_bytes().into()
    }
}
