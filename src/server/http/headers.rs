//! The headers that every answer carries.

use crate::{components::styles::TRANSITIONS, server::state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use leptos::{nonce::use_nonce, prelude::use_context};
use leptos_axum::ResponseOptions;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The policy of answers that are not pages: nothing may be loaded or framed.
const NO_CONTENT_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (header::CONTENT_SECURITY_POLICY, NO_CONTENT_POLICY),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// What https answers say besides: for a year nothing but https.
const HTTPS_ONLY: &str = "max-age=31536000; includeSubDomains";

/// Allows the style that every page has inside, also where a script reads a page anew: its nonce is another one then.
static TRANSITIONS_HASH: LazyLock<String> =
    LazyLock::new(|| format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(TRANSITIONS))));

/// Seconds after which it is worth trying again what could not be done at the moment.
const RETRY_AFTER: &str = "5";

/// Pages with a secret in their address: no other site is to learn it, and no cache to keep it.
const SECRET_PAGES: [&str; 3] = ["/reset", "/verify", "/signin/link"];

/// Adds what an answer does not say by itself.
pub async fn add_headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let secret = SECRET_PAGES.contains(&request.uri().path());
    let mut response = next.run(request).await;
    if secret {
        response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static(RETRY_AFTER));
    }
    complete(response.headers_mut(), state.https);
    response
}

/// Adds the headers that are not there yet.
pub fn complete(headers: &mut HeaderMap, https: bool) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static(HTTPS_ONLY));
    }
}

/// The same as lines of an answer's head, for answers that are made before there is a request.
pub fn lines(https: bool) -> String {
    let https = https.then_some((header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY));
    HEADERS.into_iter().chain(https).map(|(name, value)| format!("{name}: {value}\r\n")).collect()
}

/// Sets the policy of a page: own files only, pictures also from `logo`, scripts and styles in the page only with
/// this answer's nonce. Called
/// while a page is rendered.
pub fn set_page_policy(logo: Option<&str>) {
    let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else { return };
    let (logo, hash) = (logo.unwrap_or_default(), &*TRANSITIONS_HASH);
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}' '{hash}'; \
         img-src 'self' data: {logo}; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}
