//! Passwords: Argon2id with OWASP's parameters, off the async threads, a bounded number at once.

use crate::{domain::accounts::password::normalised, server::errors::BoxError};
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Compared against when there is no such user, so that both answers take as long. Nothing hashes to it on purpose.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm8gcGFzc3dvcmQgaXM$mr5s4aYkMUNPc3Nhbm9uZS1oYXNoZXMtdG8tdGhpcy4";

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    /// Each hash takes 19 MiB; more at once than processors gains nothing.
    slots: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    pub fn new() -> Self {
        let slots = std::thread::available_parallelism().map_or(2, usize::from);
        Self { slots: Arc::new(Semaphore::new(slots)) }
    }

    /// The hash to store for a password.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, BoxError> {
        let _slot = self.slots.acquire().await?;
        tokio::task::spawn_blocking(move || hash_now(&normalised(&password), &salt)).await?
    }

    /// Whether the password is right. Without a stored hash it never is, and takes as long to find out.
    pub async fn check(&self, password: String, stored: Option<String>) -> Result<bool, BoxError> {
        let _slot = self.slots.acquire().await?;
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| DUMMY_HASH.to_owned());
        tokio::task::spawn_blocking(move || {
            let hash = PasswordHash::new(&stored).map_err(|error| error.to_string())?;
            Ok(Argon2::default().verify_password(normalised(&password).as_bytes(), &hash).is_ok() && known)
        })
        .await?
    }
}

fn hash_now(password: &str, salt: &[u8]) -> Result<String, BoxError> {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt).map_err(|e| e.to_string())?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_user_passes() {
        let passwords = Passwords::new();
        let stored = passwords.hash("tr4m-öl!".into(), [2; 16]).await.expect("a hash");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.check("tr4m-öl!".into(), Some(stored.clone())).await.expect("checked"));
        assert!(passwords.check("tr4m-o\u{308}l!".into(), Some(stored.clone())).await.expect("checked"));
        assert!(!passwords.check("tr4m-ol!".into(), Some(stored)).await.expect("checked"));
        assert!(!passwords.check("tr4m-öl!".into(), None).await.expect("the dummy is a hash"));
    }
}
