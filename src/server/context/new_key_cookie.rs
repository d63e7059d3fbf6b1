//! A new key of the API on its way from the form that created it to the page that shows it once. The browser holds it
//! for a minute at most; nobody else has it, and no address names it. The same for secrets of webhooks.

use crate::{
    domain::{accounts::api_key::ApiKeySecret, webhooks::endpoint::WebhookSecret},
    server::{auth::cookies::cookies, context::request_context::append},
};
use axum::http::{header, request::Parts};
use leptos::prelude::use_context;

/// How long the browser holds it, in seconds.
const MAX_AGE: i64 = 60;

/// What is shown once.
struct Cookie {
    name: &'static str,
    /// The same on https.
    secure_name: &'static str,
    /// The page that shows it, and pages below it; the cookie goes nowhere else.
    path: &'static str,
}

const KEY: Cookie =
    Cookie { name: "passalong_new_key", secure_name: "__Secure-passalong_new_key", path: "/admin/api-keys" };

const WEBHOOK: Cookie =
    Cookie { name: "passalong_new_secret", secure_name: "__Secure-passalong_new_secret", path: "/admin/webhooks" };

/// Lets the browser hold the key.
pub fn give(https: bool, secret: &ApiKeySecret) {
    KEY.set(https, &secret.0, MAX_AGE);
}

/// The key that the browser holds. It holds none from now on.
pub fn take(https: bool) -> Option<ApiKeySecret> {
    KEY.take(https).map(ApiKeySecret)
}

/// Lets the browser hold the secret of an endpoint.
pub fn give_webhook_secret(https: bool, secret: &WebhookSecret) {
    WEBHOOK.set(https, &secret.0, MAX_AGE);
}

/// The secret of an endpoint that the browser holds. It holds none from now on.
pub fn take_webhook_secret(https: bool) -> Option<WebhookSecret> {
    WEBHOOK.take(https).map(WebhookSecret)
}

impl Cookie {
    fn take(&self, https: bool) -> Option<String> {
        let parts = use_context::<Parts>()?;
        let held = cookies(&parts.headers, self.name(https)).next()?.to_owned();
        self.set(https, "", 0);
        Some(held)
    }

    fn set(&self, https: bool, value: &str, seconds: i64) {
        let secure = if https { "; Secure" } else { "" };
        let (name, path) = (self.name(https), self.path);
        let header = format!("{name}={value}; HttpOnly; SameSite=Strict{secure}; Path={path}; Max-Age={seconds}");
        append(header::SET_COOKIE, &header);
    }

    fn name(&self, https: bool) -> &'static str {
        if https { self.secure_name } else { self.name }
    }
}
