//! Finding the code that a visitor names, at every door the same way: read leniently, looked up in memory, and not
//! found by networks that guess.

use crate::{
    domain::{codes::code::Code, ids::CodeId},
    server::{
        auth::guess_limiter::GuessLimiter,
        clicks::code_cache::{CachedCode, CodeCache, LookUpFailed},
        config::clock::Clock,
    },
};
use std::{net::IpAddr, sync::Arc};

/// Finds codes for visitors.
pub struct CodeFinder {
    pub codes: Arc<CodeCache>,
    pub guesses: GuessLimiter,
    pub clock: Clock,
}

impl CodeFinder {
    /// The code that `text` means, if it can be used now; what cannot is a miss of `ip`'s. While a network is blocked
    /// it finds only what `has_followed` says that the browser has followed before: that tells it nothing new.
    pub async fn find(
        &self,
        ip: IpAddr,
        text: &str,
        has_followed: impl FnOnce(CodeId) -> bool,
    ) -> Result<Option<(Code, CachedCode)>, LookUpFailed> {
        let Some((code, cached)) = self.codes.read_active(text, self.clock.now()).await? else {
            self.guesses.count_miss(ip, text);
            return Ok(None);
        };
        Ok((!self.guesses.is_blocked(ip) || has_followed(cached.id)).then_some((code, cached)))
    }
}
