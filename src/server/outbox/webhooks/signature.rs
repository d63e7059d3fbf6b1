//! The signature of Standard Webhooks: an HMAC over id, time and body, in base64.

use crate::domain::{
    time::{SECOND, Time},
    webhooks::endpoint::WebhookSecret,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The value of `webhook-timestamp`.
pub fn timestamp(at: Time) -> String {
    at.0.div_euclid(SECOND).to_string()
}

/// The value of `webhook-signature`: one signature by each secret.
pub fn sign(secrets: &[&WebhookSecret], message_id: &str, at: Time, body: &str) -> String {
    let signatures = secrets.iter().filter_map(|secret| {
        let key = BASE64_STANDARD.decode(secret.0.strip_prefix(WebhookSecret::PREFIX)?).ok()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        for part in [message_id, ".", &timestamp(at), ".", body] {
            mac.update(part.as_bytes());
        }
        Some(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
    });
    signatures.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_standard() {
        // The example of the libraries of Standard Webhooks.
        let secret = WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into());
        let (id, at) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", Time(1_614_265_330_000));
        let signed = sign(&[&secret], id, at, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let other = WebhookSecret("whsec_AAAA".into());
        assert!(sign(&[&secret, &other], id, at, r#"{"test": 2432232314}"#).starts_with(&format!("{signed} v1,")));
    }
}
