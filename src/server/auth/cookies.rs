//! Reading and writing cookies.

use axum::http::{HeaderMap, header};

/// The values of all cookies of this name, in their order: a browser may hold several, made for other paths or by other
/// hosts of the domain. Foreign cookies may hold any bytes.
pub fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"="))
        .filter_map(|value| str::from_utf8(value).ok())
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
    use axum::http::HeaderValue;

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "xa=1; a=2;b=3".parse().expect("a header"));
        headers.append(header::COOKIE, "a=4".parse().expect("a header"));
        let values = |name| cookies(&headers, name).collect::<Vec<_>>();
        assert_eq!((values("a"), values("b"), values("c")), (vec!["2", "4"], vec!["3"], vec![]));
    }

    #[test]
    fn cookies_of_others_hide_nothing() {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_bytes(b"city=K\xf6ln; a=\xff; name=J\xc3\xbcrgen; a=1").expect("a header");
        headers.append(header::COOKIE, value);
        assert_eq!(cookies(&headers, "a").collect::<Vec<_>>(), ["1"]);
    }
}
