//! `GET /r/{code}`: the share link.

use super::{auth::Origin, clicks::visit::Visit, door::attribution_cookie, state::Server};
use crate::domain::{code::Code, ids::ClickId, program::Program};
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use std::{borrow::Cow, net::IpAddr};

/// Whether somebody follows a link.
pub fn asked_for(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) && code(request).is_some()
}

/// What a link says behind `/r/`.
fn code(request: &Request) -> Option<Cow<'_, str>> {
    let code = request.uri().path().strip_prefix("/r/").filter(|code| !code.is_empty() && !code.contains('/'))?;
    Some(percent_decode_str(code).decode_utf8_lossy())
}

/// Writes the click down, then leads on. Nothing in the answer tells why a code does not work, and no failure to count
/// is ever a visitor's problem.
pub async fn follow(server: Server, peer: IpAddr, request: Request) -> Response {
    let code = code(&request).and_then(|code| Code::parse(&code));
    let found = match code.filter(|_| server.program.now().referral_codes_enabled) {
        Some(code) => server.book.usable(&server.db, &code, server.clock.now()).await.map(|entry| (code, entry)),
        None => None,
    };
    let Some((code, entry)) = found else { return lead_to(destination(&server.program.now(), None), None) };
    let visit = Visit::read(&server, Origin::of(peer, request.headers(), &server.settings.trusted_proxies), &request);
    // What waits for the writer is small.
    drop(request);
    let recorded = visit.record(&server, entry).await;
    let click = recorded.suspicion.is_none().then_some(recorded.click);
    let cookie = recorded.memory.map(|memory| attribution_cookie(&server, &memory));
    lead_to(destination(&server.program.now(), Some((&code, click))), cookie)
}

/// Arriving at `/signup?ref=CODE` directly counts like following the link, once.
pub async fn arrive(State(server): State<Server>, request: Request, next: Next) -> Response {
    let program = server.program.get();
    let code = query_value(request.uri().query(), "ref").and_then(|code| Code::parse(&code));
    let navigation =
        request.method() == Method::GET && request.uri().path() == "/signup" && program.referral_codes_enabled;
    let mut cookie = None;
    if let Some(code) = code.filter(|_| navigation)
        && let Some(entry) = server.book.usable(&server.db, &code, server.clock.now()).await
    {
        let origin = Origin::of_request(&server, request.headers(), request.extensions());
        let visit = Visit::read(&server, origin, &request);
        // Machines that were led here from a link have been written down there.
        if visit.suspicion.is_none() {
            cookie = visit.record(&server, entry).await.memory.map(|memory| attribution_cookie(&server, &memory));
        }
    }
    let mut response = next.run(request).await;
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::try_from(cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Where a link leads: this site's sign-up page, or the host product's with the click's id.
fn destination(program: &Program, credited: Option<(&Code, Option<ClickId>)>) -> String {
    let Some(url) = &program.link_destination else {
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

fn lead_to(location: String, cookie: Option<String>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.reserve(8);
    let text = |value: String| HeaderValue::try_from(value).ok();
    headers.insert(header::LOCATION, text(location).unwrap_or(HeaderValue::from_static("/signup")));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(super::security::NOTHING));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    if let Some(cookie) = cookie.and_then(text) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The first value of a query parameter, decoded.
pub fn query_value(query: Option<&str>, name: &str) -> Option<String> {
    query_values(query).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// All parameters of a query, decoded.
pub fn query_values(query: Option<&str>) -> Vec<(String, String)> {
    serde_urlencoded::from_str(query.unwrap_or_default()).unwrap_or_default()
}

/// A text as part of a query.
pub fn encoded(text: &str) -> String {
    serde_urlencoded::to_string([("", text)]).unwrap_or_default().trim_start_matches('=').to_owned()
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
        assert!(size(follow) <= 1_500, "{}", size(follow));
    }

    #[test]
    fn a_link_is_one_name_behind_its_letter() {
        let asked = |method: Method, path: &str| {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
            (asked_for(&request), code(&request).map(Cow::into_owned))
        };
        assert_eq!(asked(Method::GET, "/r/ABC?via=copy"), (true, Some("ABC".into())));
        assert_eq!(asked(Method::HEAD, "/r/A%2DB%20"), (true, Some("A-B ".into())));
        assert!(!asked(Method::POST, "/r/ABC").0);
        for other in ["/r/", "/r/ABC/", "/r/ABC/x", "/rABC", "/"] {
            assert!(!asked(Method::GET, other).0, "{other}");
        }
    }

    #[test]
    fn a_link_leads_to_sign_up_or_to_the_host_product() {
        let code = Code::parse("abc").expect("a code");
        let mut program = Program::default();
        assert_eq!(destination(&program, Some((&code, Some(ClickId(7))))), "/signup?ref=ABC");
        assert_eq!(destination(&program, None), "/signup");
        program.link_destination = Some("https://host.example/join?plan=pro#top".into());
        assert_eq!(
            destination(&program, Some((&code, Some(ClickId(7))))),
            "https://host.example/join?plan=pro&ref=ABC&click_id=7#top"
        );
        assert_eq!(destination(&program, None), "https://host.example/join?plan=pro#top");
    }

    #[test]
    fn query_values_are_decoded_and_encoded() {
        assert_eq!(query_value(Some("a=1&ref=x%20y"), "ref").as_deref(), Some("x y"));
        assert_eq!(query_value(Some("a=1"), "ref"), None);
        assert_eq!(encoded("/a?b=c d"), "%2Fa%3Fb%3Dc+d");
    }
}
