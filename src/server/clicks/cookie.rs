//! The attribution cookie: a random name for the browser and the clicks it made, signed.

use crate::domain::{
    ids::{ClickId, CodeId},
    time::Time,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The name of the cookie.
pub const NAME: &str = "passalong_ref";

/// Clicks that are remembered at most: the oldest stays, then the latest.
const MOST: usize = 12;

const VERSION: u8 = 1;
const SIGNATURE: usize = 16;
const TOUCH: usize = 24;

/// A remembered click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    pub click: ClickId,
    pub code: CodeId,
    /// The latest visit that this click stands for: within an hour the same visitor is counted once.
    pub at: Time,
}

/// What a browser brings back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The browser's random name.
    pub visitor: i64,
    /// In the order of the visits.
    pub touches: Vec<Touch>,
}

impl Memory {
    /// A browser that was not known before.
    pub fn new(visitor: i64) -> Self {
        Self { visitor, touches: vec![] }
    }

    /// Remembers a visit; an earlier one of the same click is moved.
    pub fn touch(&mut self, touch: Touch) {
        self.touches.retain(|t| t.click != touch.click);
        self.touches.push(touch);
        if self.touches.len() > MOST {
            self.touches.remove(1);
        }
    }

    /// The click by which this browser was counted for a code in this hour.
    pub fn counted(&self, code: CodeId, hour: i64) -> Option<ClickId> {
        self.touches.iter().rev().find(|t| t.code == code && t.click.at().hour() == hour).map(|t| t.click)
    }

    /// Whether this browser has followed the code before.
    pub fn knows(&self, code: CodeId) -> bool {
        self.touches.iter().any(|t| t.code == code)
    }

    /// The signed value of the cookie.
    pub fn seal(&self, key: &Hmac<Sha256>) -> String {
        let mut bytes = Vec::with_capacity(9 + self.touches.len() * TOUCH + SIGNATURE);
        bytes.push(VERSION);
        bytes.extend(self.visitor.to_le_bytes());
        for touch in &self.touches {
            bytes.extend(touch.click.0.to_le_bytes());
            bytes.extend(touch.code.0.to_le_bytes());
            bytes.extend(touch.at.0.to_le_bytes());
        }
        let signature = key.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend(&signature[..SIGNATURE]);
        BASE64.encode(bytes)
    }

    /// Reads a cookie that this installation has signed; anything else is no cookie.
    pub fn open(value: &str, key: &Hmac<Sha256>) -> Option<Self> {
        if value.len() > 4 * (9 + (MOST + 1) * TOUCH + SIGNATURE) / 3 {
            return None;
        }
        let bytes = BASE64.decode(value).ok()?;
        let (content, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE)?)?;
        key.clone().chain_update(content).verify_truncated_left(signature).ok()?;
        let (&version, content) = content.split_first()?;
        let (visitor, touches) = content.split_first_chunk::<8>()?;
        if version != VERSION || touches.len() % TOUCH != 0 {
            return None;
        }
        let number = |bytes: &[u8]| bytes.try_into().map(i64::from_le_bytes).unwrap_or_default();
        let touches = touches
            .chunks_exact(TOUCH)
            .map(|t| Touch {
                click: ClickId(number(&t[..8])),
                code: CodeId(number(&t[8..16])),
                at: Time(number(&t[16..])),
            })
            .collect();
        Some(Self { visitor: i64::from_le_bytes(*visitor), touches })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::KeyInit;

    fn key(secret: &[u8]) -> Hmac<Sha256> {
        Hmac::new_from_slice(secret).expect("any length will do")
    }

    fn touch(n: i64) -> Touch {
        Touch { click: ClickId(n), code: CodeId(n), at: Time(n) }
    }

    #[test]
    fn a_memory_comes_back_and_nobody_else_can_make_one() {
        let mut memory = Memory::new(-5);
        memory.touch(touch(1));
        memory.touch(touch(2));
        let sealed = memory.seal(&key(b"one"));
        assert_eq!(Memory::open(&sealed, &key(b"one")), Some(memory));
        assert_eq!(Memory::open(&sealed, &key(b"two")), None);
        let mut changed = sealed.into_bytes();
        changed[5] = if changed[5] == b'A' { b'B' } else { b'A' };
        assert_eq!(Memory::open(&String::from_utf8_lossy(&changed), &key(b"one")), None);
    }

    #[test]
    fn the_first_and_the_latest_clicks_are_remembered() {
        let mut memory = Memory::new(1);
        (1..=20).for_each(|n| memory.touch(touch(n)));
        let clicks: Vec<_> = memory.touches.iter().map(|t| t.click.0).collect();
        assert_eq!(clicks, [1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
        assert!(Memory::open(&memory.seal(&key(b"k")), &key(b"k")).is_some());
    }

    proptest::proptest! {
        #[test]
        fn no_cookie_panics(value in "[A-Za-z0-9_-]{0,700}|\\PC*") {
            proptest::prop_assert_eq!(Memory::open(&value, &key(b"k")), None);
        }
    }
}
