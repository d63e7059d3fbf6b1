//! The parameters of a query that an operation does not know: it refuses them, since a filter that is misspelt would
//! answer with everything.

use crate::{
    domain::query_string::query_values,
    server::api::{document::query_parameters, problem::Problem},
};
use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// Characters of an unknown name that are said.
const MAX_SAID: usize = 60;

/// The known names of every operation, by method and path.
static KNOWN: LazyLock<BTreeMap<(String, String), Vec<String>>> = LazyLock::new(query_parameters);

/// Refuses a request with parameters that its operation does not know.
pub async fn refuse_unknown(request: Request, next: Next) -> Response {
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    match KNOWN.get(&(method.to_string(), path.to_owned())) {
        Some(known) => match unknown(request.uri().query(), known) {
            none if none.is_empty() => next.run(request).await,
            some => Problem::unknown_parameters(&some, known).into_response(),
        },
        None => next.run(request).await,
    }
}

/// Each once, fit to be printed.
fn unknown(query: Option<&str>, known: &[String]) -> Vec<String> {
    let names = query_values(query).into_iter().map(|(name, _)| name).filter(|name| !known.contains(name));
    let printed = |name: String| name.chars().filter(|c| !c.is_control()).take(MAX_SAID).collect::<String>();
    names.map(printed).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_told_once_and_can_be_printed() {
        let known = ["limit".to_owned(), "after".to_owned()];
        let unknown = |query| unknown(query, &known);
        assert!(
            unknown(None).is_empty() && unknown(Some("")).is_empty() && unknown(Some("limit=1&after=x")).is_empty()
        );
        assert_eq!(unknown(Some("b=1&limit=2&a&b=3")), ["a", "b"]);
        assert_eq!(unknown(Some("a%00%0ab=1")), ["ab"]);
        assert_eq!(unknown(Some("Limit=1")), ["Limit"]);
        assert_eq!(unknown(Some(&"x".repeat(1_000)))[0].len(), MAX_SAID);
    }
}
