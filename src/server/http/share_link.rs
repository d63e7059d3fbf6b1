//! Share links: `GET /r/{code}`, and arriving at `/signup?ref=CODE`.

use crate::{
    domain::{
        codes::{
            code::Code,
            destination::{INVALID_LINK, LinkParameters, destination},
            reading::in_mangled_query,
        },
        ids::{ClickId, CodeId},
        query_string::{encode, query_value},
        settings::REF_PARAMETER,
    },
    server::{
        auth::client_ip::ClientIp,
        clicks::code_cache::{CachedCode, LookUpFailed},
        http::headers,
        state::AppState,
    },
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::net::IpAddr;
use tokio::time::Instant;

/// Whether a request follows a share link.
pub fn is_link_request(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) && code_in_path(request.uri().path()).is_some()
}

/// What a link says behind `/r/`, still encoded: doubled slashes, capitals and an encoded slash are forgiven.
fn code_in_path(path: &str) -> Option<&str> {
    let rest = path.trim_start_matches('/').strip_prefix(['r', 'R'])?;
    let rest = ["/", "%2F", "%2f"].iter().find_map(|slash| rest.strip_prefix(slash))?.trim_start_matches('/');
    (!rest.is_empty()).then_some(rest)
}

/// Makes a mangled address of the sign-up page that page's own, so that everything behind finds its code.
pub fn tidy_landing(request: &mut Request) {
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    if !path.trim_matches('/').eq_ignore_ascii_case("signup") {
        return;
    }
    let known = query_value(Some(query), REF_PARAMETER).is_some();
    let mangled = in_mangled_query(query).filter(|_| !known);
    if path == "/signup" && mangled.is_none() {
        return;
    }
    let mark = if query.is_empty() { "" } else { "?" };
    let code = mangled.map(|code| format!("&{REF_PARAMETER}={}", encode(&code))).unwrap_or_default();
    if let Ok(uri) = format!("/signup{mark}{query}{code}").parse() {
        *request.uri_mut() = uri;
    }
}

/// Records the click, then redirects. Nothing in the answer tells why a code does not work, and no failure to count is
/// ever a visitor's problem.
pub async fn redirect(state: AppState, peer: IpAddr, request: Request) -> Response {
    let arrived = Instant::now();
    let client = ClientIp::of(peer, request.headers(), &state.config.trusted_proxies);
    let query = request.uri().query().filter(|query| query.contains('=')).map(str::to_owned);
    let query = query.as_deref();
    let enabled = state.settings.peek().referral_codes_enabled;
    let found = if enabled { find(&state, client, request.uri(), request.headers()).await } else { None };
    let Some((code, cached)) = found else { return redirect_to(state.https, leads_to(&state, None, query), None) };
    let click = state.clicks.read_request(client, &request);
    // What waits for the writer is small.
    drop(request);
    let outcome = state.clicks.record(click, cached, arrived).await;
    let click = outcome.click.filter(|_| outcome.suspicion.is_none());
    let cookie = outcome.cookie.map(|cookie| state.clicks.set_cookie_header(&cookie));
    redirect_to(state.https, leads_to(&state, Some((&code, click)), query), cookie)
}

/// The code of a link. What its characters do not tell, the whole path may.
async fn find(state: &AppState, client: ClientIp, uri: &Uri, headers: &HeaderMap) -> Option<(Code, CachedCode)> {
    let path = uri.path();
    let code = code_in_path(path)?;
    let plain = code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let text = if plain { code } else { path };
    let known = |code| state.clicks.read_cookie(headers).is_some_and(|cookie| cookie.has_followed(code));
    look_up(state, client, text, known).await
}

/// The code that a text means. What cannot be looked up is led on like an unknown one.
async fn look_up(
    state: &AppState,
    client: ClientIp,
    text: &str,
    known: impl FnOnce(CodeId) -> bool,
) -> Option<(Code, CachedCode)> {
    state.code_finder.find(client.0, text, known).await.unwrap_or_else(|LookUpFailed| {
        state.clicks.note_dropped("a code could not be looked up");
        None
    })
}

/// Arriving at `/signup?ref=CODE` directly counts like following the link, once.
pub async fn record_landing(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let arrived = Instant::now();
    let navigation = request.method() == Method::GET
        && request.uri().path() == "/signup"
        && state.settings.get().referral_codes_enabled;
    let text = query_value(request.uri().query(), REF_PARAMETER).filter(|text| navigation && !text.is_empty());
    let mut cookie = None;
    if let Some(text) = text {
        let client = ClientIp::of_request(request.headers(), request.extensions(), &state.config.trusted_proxies);
        let click = state.clicks.read_request(client, &request);
        let known = |code| click.cookie.as_ref().is_some_and(|cookie| cookie.has_followed(code));
        // Machines that were led here from a link have been recorded there.
        if let Some((_, cached)) = look_up(&state, client, &text, known).await
            && click.suspicion.is_none()
        {
            let outcome = state.clicks.record(click, cached, arrived).await;
            cookie = outcome.cookie.map(|cookie| state.clicks.set_cookie_header(&cookie));
        }
    }
    let mut response = next.run(request).await;
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::try_from(cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Where a visitor is led: to this site's sign-up page, which knows the click by its cookie, or to the host product
/// with the click's id.
fn leads_to(state: &AppState, credited: Option<(&Code, Option<ClickId>)>, query: Option<&str>) -> String {
    let settings = state.settings.peek();
    match &settings.link_destination {
        Some(address) => {
            let parameters = LinkParameters { code: &settings.ref_parameter, click: &settings.click_id_parameter };
            destination(address, parameters, credited, query)
        }
        None => {
            let invalid = credited.is_none() && settings.referral_codes_enabled;
            let address = if invalid { INVALID_LINK } else { "/signup" };
            destination(address, LinkParameters::OWN, credited.map(|(code, _)| (code, None)), query)
        }
    }
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
        assert!(size(redirect) <= 1_600, "{}", size(redirect));
    }

    #[test]
    fn a_link_is_read_however_it_is_mangled() {
        let asked = |method: Method, path: &str| {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
            (is_link_request(&request), code_in_path(request.uri().path()).map(str::to_owned))
        };
        assert_eq!(asked(Method::GET, "/r/ABC?via=copy"), (true, Some("ABC".into())));
        assert_eq!(asked(Method::HEAD, "/r/A%2DB%20"), (true, Some("A%2DB%20".into())));
        for mangled in ["//r/ABC", "/r//ABC", "/R/ABC", "/r%2FABC", "///R///ABC"] {
            assert_eq!(asked(Method::GET, mangled), (true, Some("ABC".into())), "{mangled}");
        }
        assert_eq!(asked(Method::GET, "/r/ABC/"), (true, Some("ABC/".into())));
        assert!(!asked(Method::POST, "/r/ABC").0);
        for other in ["/r/", "/r//", "/r", "/rABC", "/", "/profile", "/referrals"] {
            assert!(!asked(Method::GET, other).0, "{other}");
        }
    }

    #[test]
    fn a_mangled_address_of_the_sign_up_page_is_that_page() {
        let tidied = |address: &str| {
            let mut request = Request::builder().uri(address).body(Body::empty()).expect("a request");
            tidy_landing(&mut request);
            request.uri().to_string()
        };
        for same in ["/signup", "/signup?ref=ABC", "/signups/?ref=ABC", "/r/ABC/", "//evil.example/", "/fn/sign_up/"] {
            assert_eq!(tidied(same), same);
        }
        assert_eq!(tidied("/signup/?ref=ABC"), "/signup?ref=ABC");
        assert_eq!(tidied("//Signup//?ref=ABC&a=b"), "/signup?ref=ABC&a=b");
        assert_eq!(tidied("/signup/"), "/signup");
        assert_eq!(tidied("/signup?a=b&amp;ref=A%20B"), "/signup?a=b&amp;ref=A%20B&ref=A%20B");
        assert_eq!(tidied("/SIGNUP?REF=ABC"), "/signup?REF=ABC&ref=ABC");
    }
}
