//! A new key of the API on its way from the form that created it to the page that shows it once. The browser holds it for
//! a minute at most; nobody else has it, and no address names it.

use crate::{
    domain::accounts::api_key::ApiKeySecret,
    server::{auth::cookies::cookies, context::request_context::append},
};
use axum::http::{header, request::Parts};
use leptos::prelude::use_context;

/// The page that shows it; the cookie goes nowhere else.
const PATH: &str = "/admin/api-keys";

/// How long the browser holds it, in seconds.
const MAX_AGE: i64 = 60;

/// Lets the browser hold the key.
pub fn give(https: bool, secret: &ApiKeySecret) {
    append(header::SET_COOKIE, &header_of(https, &secret.0, MAX_AGE));
}

/// The key that the browser holds. It holds none from now on.
pub fn take(https: bool) -> Option<ApiKeySecret> {
    let parts = use_context::<Parts>()?;
    let held = cookies(&parts.headers, name(https)).next()?.to_owned();
    append(header::SET_COOKIE, &header_of(https, "", 0));
    Some(ApiKeySecret(held))
}

fn name(https: bool) -> &'static str {
    if https { "__Secure-passalong_new_key" } else { "passalong_new_key" }
}

fn header_of(https: bool, value: &str, seconds: i64) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{}={value}; HttpOnly; SameSite=Strict{secure}; Path={PATH}; Max-Age={seconds}", name(https))
}
