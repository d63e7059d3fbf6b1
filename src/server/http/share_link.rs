//! Share links: `GET /r/{code}`, and arriving at `/signup?ref=CODE`.

use crate::{
    domain::{codes::code::Code, ids::ClickId, query_string::query_value, settings::ProgramSettings},
    server::{auth::client_ip::ClientIp, http::headers, state::AppState},
};
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use std::net::IpAddr;

/// Whether a request follows a share link.
pub fn is_link_request(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) && code_in_path(request).is_some()
}

/// What a link says behind `/r/`, still encoded.
fn code_in_path(request: &Request) -> Option<&str> {
    request.uri().path().strip_prefix("/r/").filter(|code| !code.is_empty() && !code.contains('/'))
}

/// Records the click, then redirects. Nothing in the answer tells why a code does not work, and no failure to count is
/// ever a visitor's problem.
pub async fn redirect(state: AppState, peer: IpAddr, request: Request) -> Response {
    let code = code_in_path(&request).and_then(|code| Code::parse(&percent_decode_str(code).decode_utf8_lossy()));
    let found = match code.filter(|_| state.settings.peek().referral_codes_enabled) {
        Some(code) => state.code_cache.get_active(&code, state.clock.now()).await.map(|cached| (code, cached)),
        None => None,
    };
    let Some((code, cached)) = found else {
        return redirect_to(state.https, destination(&state.settings.peek(), None), None);
    };
    let client = ClientIp::of(peer, request.headers(), &state.config.trusted_proxies);
    let click = state.clicks.read_request(client, &request);
    // What waits for the writer is small.
    drop(request);
    let outcome = state.clicks.record(click, cached).await;
    let click = outcome.suspicion.is_none().then_some(outcome.click);
    let cookie = outcome.cookie.map(|cookie| state.clicks.set_cookie_header(&cookie));
    redirect_to(state.https, destination(&state.settings.peek(), Some((&code, click))), cookie)
}

/// Arriving at `/signup?ref=CODE` directly counts like following the link, once.
pub async fn record_landing(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let settings = state.settings.get();
    let code = query_value(request.uri().query(), "ref").and_then(|code| Code::parse(&code));
    let navigation =
        request.method() == Method::GET && request.uri().path() == "/signup" && settings.referral_codes_enabled;
    let mut cookie = None;
    if let Some(code) = code.filter(|_| navigation)
        && let Some(cached) = state.code_cache.get_active(&code, state.clock.now()).await
    {
        let client = ClientIp::of_request(request.headers(), request.extensions(), &state.config.trusted_proxies);
        let click = state.clicks.read_request(client, &request);
        // Machines that were led here from a link have been recorded there.
        if click.suspicion.is_none() {
            let outcome = state.clicks.record(click, cached).await;
            cookie = outcome.cookie.map(|cookie| state.clicks.set_cookie_header(&cookie));
        }
    }
    let mut response = next.run(request).await;
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::try_from(cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Where a link leads: this site's sign-up page, or the host product's with the click's id.
fn destination(settings: &ProgramSettings, credited: Option<(&Code, Option<ClickId>)>) -> String {
    let Some(url) = &settings.link_destination else {
        return credited.map_or("/signup".into(), |(code, _)| ["/signup?ref=", code.as_str()].concat());
    };
    let Some((code, click)) = credited else { return url.clone() };
    let (address, fragment) = match url.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (url.as_str(), String::new()),
    };
    let mark = if address.contains('?') { '&' } else { '?' };
    let click = click.map(|id| format!("&click_id={id}")).unwrap_or_default();
    format!("{address}{mark}ref={code}{click}{fragment}")
}

fn redirect_to(https: bool, location: String, cookie: Option<String>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.reserve(10);
    let text = |value: String| HeaderValue::try_from(value).ok();
    headers.insert(header::LOCATION, text(location).unwrap_or(HeaderValue::from_static("/signup")));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    if let Some(cookie) = cookie.and_then(text) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    headers::complete(headers, https);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    /// Bytes that a future of this function takes while it waits.
    fn size<A, B, C, F: Future>(_: impl FnOnce(A, B, C) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_visit_that_waits_is_small() {
        // It is made, moved and freed for every visit: what is rare is boxed.
        assert!(size(redirect) <= 1_500, "{}", size(redirect));
    }

    #[test]
    fn a_link_is_one_name_behind_its_letter() {
        let asked = |method: Method, path: &str| {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
            (is_link_request(&request), code_in_path(&request).map(str::to_owned))
        };
        assert_eq!(asked(Method::GET, "/r/ABC?via=copy"), (true, Some("ABC".into())));
        assert_eq!(asked(Method::HEAD, "/r/A%2DB%20"), (true, Some("A%2DB%20".into())));
        assert!(!asked(Method::POST, "/r/ABC").0);
        for other in ["/r/", "/r/ABC/", "/r/ABC/x", "/rABC", "/"] {
            assert!(!asked(Method::GET, other).0, "{other}");
        }
    }

    #[test]
    fn a_link_leads_to_sign_up_or_to_the_host_product() {
        let code = Code::parse("abc").expect("a code");
        let mut settings = ProgramSettings::default();
        assert_eq!(destination(&settings, Some((&code, Some(ClickId(7))))), "/signup?ref=ABC");
        assert_eq!(destination(&settings, None), "/signup");
        settings.link_destination = Some("https://host.example/join?plan=pro#top".into());
        assert_eq!(
            destination(&settings, Some((&code, Some(ClickId(7))))),
            "https://host.example/join?plan=pro&ref=ABC&click_id=7#top"
        );
        assert_eq!(destination(&settings, None), "https://host.example/join?plan=pro#top");
    }
}
