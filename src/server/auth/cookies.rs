//! Reading and writing cookies.

use axum::http::{HeaderMap, header};

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The name of the session cookie. On https the browser itself guards it against other hosts.
pub fn session_cookie_name(https: bool) -> &'static str {
    if https { "__Host-passalong_session" } else { "passalong_session" }
}

/// A `Set-Cookie` header of a cookie that scripts cannot read and other sites do not send along; 0 days delete it.
pub fn set_cookie(https: bool, name: &str, value: &str, days: i64) -> String {
    let (secure, seconds) = (if https { "; Secure" } else { "" }, (days * 86_400).to_string());
    // Every click has one: put together at once, which formatting does not.
    [name, "=", value, "; HttpOnly; SameSite=Lax", secure, "; Path=/; Max-Age=", &seconds].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "xa=1; a=2;b=3".parse().expect("a header"));
        assert_eq!((cookie(&headers, "a"), cookie(&headers, "b"), cookie(&headers, "c")), (Some("2"), Some("3"), None));
    }
}
