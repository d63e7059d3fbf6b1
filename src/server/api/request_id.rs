//! The id of a request: its caller's, or one that is made here. It names the request in the answer and in the log.

use crate::server::config::rng::Rng;
use axum::http::{HeaderMap, HeaderName};

/// The header of requests and answers.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Characters of an id at most.
const MAX_LENGTH: usize = 128;

tokio::task_local! {
    static CURRENT: String;
}

/// Runs `work` as part of the request with this id.
pub async fn with_id<F: Future>(id: String, work: F) -> F::Output {
    CURRENT.scope(id, work).await
}

/// The id of the request that this task works at; empty outside of one.
pub fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// The id that a request came with, if it is one, or a new one.
pub fn of(headers: &HeaderMap, rng: &Rng) -> String {
    let given = headers.get(HEADER).and_then(|id| id.to_str().ok()).filter(|id| is_id(id));
    given.map_or_else(|| format!("{:032x}", u128::from_be_bytes(rng.bytes())), str::to_owned)
}

/// What is safe in a header and in a line of the log.
fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=@".contains(&byte);
    (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn an_id_is_kept_where_it_is_one() {
        let rng = Rng::from_system();
        let of = |id: &[u8]| of(&HeaderMap::from_iter([(HEADER, HeaderValue::from_bytes(id).expect("a value"))]), &rng);
        for kept in ["a", "4bf92f3577b34da6-00f067aa0ba902b7", "Root=1-67891233:abc/def+x=@y_z.1"] {
            assert_eq!(of(kept.as_bytes()), kept);
        }
        let long = "x".repeat(129);
        for replaced in [&b""[..], b"a b", b"a\"b", "ü".as_bytes(), b"\xff", long.as_bytes()] {
            let made = of(replaced);
            assert!(made.len() == 32 && made.bytes().all(|byte| byte.is_ascii_hexdigit()), "{made}");
        }
        assert_ne!(of(b""), of(b""));
    }
}
