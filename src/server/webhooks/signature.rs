//! Stripe's signature: an HMAC over time and body, by a secret that both sides know.

use crate::domain::time::{SECOND, Time};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How far the time of a signature may be from now, in milliseconds: what is older was recorded and sent again.
pub const TOLERANCE: i64 = 300 * SECOND;

/// Whether a header `Stripe-Signature` was made over this body with any of the secrets, not long ago. While secrets
/// rotate there are two, and Stripe signs with both.
pub fn is_valid(header: &str, body: &[u8], secrets: &[String], now: Time) -> bool {
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let Some(written) = parts().find(|(name, _)| *name == "t").map(|(_, value)| value) else { return false };
    let digits = !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit());
    let at = written.parse::<i64>().ok().filter(|_| digits).and_then(|seconds| seconds.checked_mul(SECOND));
    let Some(at) = at.map(Time) else { return false };
    if now.since(at).saturating_abs() > TOLERANCE {
        return false;
    }
    let signatures = || parts().filter(|(name, _)| *name == "v1").filter_map(|(_, value)| unhex(value));
    secrets.iter().filter_map(|secret| Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()).any(|mut mac| {
        mac.update(written.as_bytes());
        mac.update(b".");
        mac.update(body);
        // Compared in constant time.
        signatures().any(|signature| mac.clone().verify_slice(&signature).is_ok())
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_794_656_000_000);

    fn signed(secret: &str, body: &str, seconds: i64) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(format!("{seconds}.{body}").as_bytes());
        let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={seconds},v1={hex},v0=00")
    }

    fn valid(header: &str, body: &str, secrets: &[&str]) -> bool {
        let secrets: Vec<String> = secrets.iter().map(|secret| (*secret).to_owned()).collect();
        is_valid(header, body.as_bytes(), &secrets, NOW)
    }

    #[test]
    fn only_what_was_signed_just_now_with_a_secret_is_valid() {
        let (now, body) = (NOW.0 / SECOND, r#"{"id":"evt_1"}"#);
        let good = signed("whsec_a", body, now);
        assert!(valid(&good, body, &["whsec_a"]) && valid(&good, body, &["whsec_b", "whsec_a"]));
        assert!(valid(&format!("{good},v1={}", "0".repeat(64)), body, &["whsec_a"]), "two signatures while rotating");
        assert!(!valid(&good, body, &["whsec_b"]) && !valid(&good, body, &[]));
        assert!(!valid(&good, r#"{"id":"evt_2"}"#, &["whsec_a"]));
        for seconds in [now - 300, now + 300] {
            assert!(valid(&signed("whsec_a", body, seconds), body, &["whsec_a"]));
        }
        for seconds in [now - 301, now + 301] {
            assert!(!valid(&signed("whsec_a", body, seconds), body, &["whsec_a"]));
        }
        let (head, tail) = good.split_at(good.find("v1=").expect("a signature") + 3);
        let flipped = format!("{head}{}{}", if tail.starts_with('0') { '1' } else { '0' }, &tail[1..]);
        for wrong in [
            "",
            "t=,v1=",
            "v1=00",
            "t=1",
            &flipped,
            &good[..good.len() - 20],
            &good.replace("v1", "v2"),
            &good.replace("t=", "t=+"),
        ] {
            assert!(!valid(wrong, body, &["whsec_a"]), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_header_is_too_strange_to_read(header in "(t=[0-9]{0,20})?[,=v10a-f]{0,20}\\PC{0,40}", body: Vec<u8>) {
            proptest::prop_assert!(!is_valid(&header, &body, &["whsec_a".into()], NOW));
        }
    }
}
