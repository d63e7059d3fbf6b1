//! The attribution cookie: a random id for the browser and the clicks it made, signed.

use crate::{
    domain::{
        attribution::{Touchpoint, Touchpoints},
        ids::{ClickId, CodeId},
        time::Time,
    },
    error::AppError,
    server::auth::{caller::Caller, cookies},
};
use axum::http::HeaderMap;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The name of the cookie.
pub const NAME: &str = "passalong_ref";

/// Clicks that are remembered at most: the oldest stays, then the latest.
const MAX_TOUCHPOINTS: usize = 12;

/// The first byte: whose id it is.
const RANDOM: u8 = 1;
const DERIVED: u8 = 2;

const SIGNATURE_BYTES: usize = 16;
const TOUCHPOINT_BYTES: usize = 24;

/// What a browser remembers of its clicks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributionCookie {
    /// The browser's id.
    pub visitor: i64,
    /// Whether the id is the hash by which a browser without a cookie is told: whoever drops the cookie stays the same
    /// visitor. Others of the same network and kind share it, so that it names nobody.
    pub derived: bool,
    /// In the order of the visits.
    pub touchpoints: Vec<Touchpoint>,
}

impl AttributionCookie {
    /// The cookie of a browser that somebody has signed in with, under a random id.
    pub fn new(visitor: i64) -> Self {
        Self { visitor, derived: false, touchpoints: vec![] }
    }

    /// The cookie of a visitor who came without one, and is told by this hash.
    pub fn derived(visitor: i64) -> Self {
        Self { visitor, derived: true, touchpoints: vec![] }
    }

    /// The first cookie of a request that is one of ours.
    pub fn from_headers(headers: &HeaderMap, key: &Hmac<Sha256>) -> Option<Self> {
        cookies::cookies(headers, NAME).find_map(|value| Self::decode(value, key))
    }

    /// The header that makes a browser remember its clicks for a year.
    pub fn set_cookie_header(&self, key: &Hmac<Sha256>, https: bool) -> String {
        cookies::set_cookie(https, NAME, &self.encode(key), 365)
    }

    /// Remembers a visit; an earlier one of the same click is moved.
    pub fn add(&mut self, touchpoint: Touchpoint) {
        self.touchpoints.retain(|t| t.click != touchpoint.click);
        self.touchpoints.push(touchpoint);
        if self.touchpoints.len() > MAX_TOUCHPOINTS {
            self.touchpoints.remove(1);
        }
    }

    /// The click by which this browser was counted for a code in this hour. All visits that a click stands for are of
    /// its hour.
    pub fn counted_click(&self, code: CodeId, hour: i64) -> Option<ClickId> {
        self.touchpoints.iter().rev().find(|t| t.code == code && t.at.hour() == hour).map(|t| t.click)
    }

    /// Whether this browser has followed the code before.
    pub fn has_followed(&self, code: CodeId) -> bool {
        self.touchpoints.iter().any(|t| t.code == code)
    }

    /// The ids of all clicks, as a JSON list; nothing when there are none.
    pub fn click_ids(&self) -> Option<String> {
        let ids: Vec<String> = self.touchpoints.iter().map(|t| t.click.to_string()).collect();
        (!ids.is_empty()).then(|| format!("[{}]", ids.join(",")))
    }

    /// The signed value of the cookie.
    pub fn encode(&self, key: &Hmac<Sha256>) -> String {
        let mut bytes = Vec::with_capacity(9 + self.touchpoints.len() * TOUCHPOINT_BYTES + SIGNATURE_BYTES);
        bytes.push(if self.derived { DERIVED } else { RANDOM });
        bytes.extend(self.visitor.to_le_bytes());
        for touchpoint in &self.touchpoints {
            bytes.extend(touchpoint.click.0.to_le_bytes());
            bytes.extend(touchpoint.code.0.to_le_bytes());
            bytes.extend(touchpoint.at.0.to_le_bytes());
        }
        let signature = key.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend(&signature[..SIGNATURE_BYTES]);
        BASE64.encode(bytes)
    }

    /// Reads a cookie that this installation has signed; anything else is no cookie.
    pub fn decode(value: &str, key: &Hmac<Sha256>) -> Option<Self> {
        if value.len() > 4 * (9 + (MAX_TOUCHPOINTS + 1) * TOUCHPOINT_BYTES + SIGNATURE_BYTES) / 3 {
            return None;
        }
        let bytes = BASE64.decode(value).ok()?;
        let (content, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE_BYTES)?)?;
        key.clone().chain_update(content).verify_truncated_left(signature).ok()?;
        let (&kind, content) = content.split_first()?;
        let (visitor, touchpoints) = content.split_first_chunk::<8>()?;
        if !matches!(kind, RANDOM | DERIVED) || touchpoints.len() % TOUCHPOINT_BYTES != 0 {
            return None;
        }
        let number = |bytes: &[u8]| bytes.try_into().map(i64::from_le_bytes).unwrap_or_default();
        let touchpoints = touchpoints
            .chunks_exact(TOUCHPOINT_BYTES)
            .map(|t| Touchpoint {
                click: ClickId(number(&t[..8])),
                code: CodeId(number(&t[8..16])),
                at: Time(number(&t[16..])),
            })
            .collect();
        Some(Self { visitor: i64::from_le_bytes(*visitor), derived: kind == DERIVED, touchpoints })
    }
}

/// What the caller's browser tells of the way somebody came.
pub fn touchpoints(caller: &Caller, cookie: Option<&AttributionCookie>) -> Result<Touchpoints, AppError> {
    Ok(Touchpoints {
        clicks: cookie.map(|cookie| cookie.touchpoints.clone()).unwrap_or_default(),
        visitor: cookie.map(|cookie| cookie.visitor),
        signed_in: caller.signed_in()?.map(|signed_in| signed_in.user),
        ..Touchpoints::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderValue, header::COOKIE};
    use hmac::KeyInit;

    fn key(secret: &[u8]) -> Hmac<Sha256> {
        Hmac::new_from_slice(secret).expect("any length will do")
    }

    fn touchpoint(n: i64) -> Touchpoint {
        Touchpoint { click: ClickId(n), code: CodeId(n), at: Time(n) }
    }

    #[test]
    fn a_cookie_comes_back_and_nobody_else_can_make_one() {
        for cookie in [AttributionCookie::new(-5), AttributionCookie::derived(-5)] {
            assert_eq!(AttributionCookie::decode(&cookie.encode(&key(b"one")), &key(b"one")), Some(cookie));
        }
        let mut cookie = AttributionCookie::new(-5);
        cookie.add(touchpoint(1));
        cookie.add(touchpoint(2));
        let encoded = cookie.encode(&key(b"one"));
        assert_eq!(AttributionCookie::decode(&encoded, &key(b"one")), Some(cookie));
        assert_eq!(AttributionCookie::decode(&encoded, &key(b"two")), None);
        let mut changed = encoded.into_bytes();
        changed[5] = if changed[5] == b'A' { b'B' } else { b'A' };
        assert_eq!(AttributionCookie::decode(&String::from_utf8_lossy(&changed), &key(b"one")), None);
    }

    #[test]
    fn a_broken_cookie_hides_no_good_one() {
        let cookie = AttributionCookie::new(7);
        let good = cookie.encode(&key(b"k"));
        for text in [format!("{NAME}=; {NAME}={good}"), format!("{NAME}=x%; ü={NAME}; {NAME}={good}; {NAME}=y")] {
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&text).expect("a header"))]);
            assert_eq!(AttributionCookie::from_headers(&headers, &key(b"k")), Some(cookie.clone()), "{text}");
        }
    }

    #[test]
    fn the_first_and_the_latest_clicks_are_remembered() {
        let mut cookie = AttributionCookie::new(1);
        (1..=20).for_each(|n| cookie.add(touchpoint(n)));
        let clicks: Vec<_> = cookie.touchpoints.iter().map(|t| t.click.0).collect();
        assert_eq!(AttributionCookie::new(1).click_ids(), None);
        assert_eq!(cookie.click_ids().as_deref(), Some("[1,10,11,12,13,14,15,16,17,18,19,20]"));
        assert_eq!(clicks, [1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
        assert!(AttributionCookie::decode(&cookie.encode(&key(b"k")), &key(b"k")).is_some());
    }

    proptest::proptest! {
        #[test]
        fn no_cookie_panics(value in "[A-Za-z0-9_-]{0,700}|\\PC*") {
            proptest::prop_assert_eq!(AttributionCookie::decode(&value, &key(b"k")), None);
        }
    }
}
