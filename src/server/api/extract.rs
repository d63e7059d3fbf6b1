//! Reading what a client sends. Whatever cannot be read is answered by a problem that says where.

use crate::{
    domain::{ids::UserId, message::Message, query_string::query_values},
    error::AppError,
    server::{
        api::{
            language::texts,
            problem::{ErrorCode, Problem},
            unreadable,
        },
        auth::{client_ip::parse_address, header_text::header_text},
        context::request_body::{BodyError, read_body},
        state::AppState,
        store::{db::Tx, users},
    },
};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{HeaderMap, header, request::Parts},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, IgnoredAny, Unexpected},
};
use serde_json::Value;
use std::net::IpAddr;

/// A JSON body.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Problem> {
        let (headers, bytes) = bytes(request).await?;
        parse(&headers, &bytes).map(Self)
    }
}

/// The body as it was sent.
pub async fn bytes(request: Request) -> Result<(HeaderMap, Bytes), Problem> {
    let (parts, body) = request.into_parts();
    let bytes = read_body(body).await.map_err(|error| match error {
        BodyError::Broken => Problem::plain(ErrorCode::MalformedRequest),
        other => AppError::from(other).into(),
    })?;
    Ok((parts.headers, bytes))
}

/// Reads JSON that is sent as such.
pub fn parse<T: DeserializeOwned>(headers: &HeaderMap, bytes: &[u8]) -> Result<T, Problem> {
    if is_json(headers) { parse_object(bytes) } else { Err(Problem::plain(ErrorCode::UnsupportedMediaType)) }
}

/// Reads JSON, whatever it is sent as. How deep it may be nested is limited by the parser.
pub fn parse_object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        // The parser would also take a list of all fields in their order.
        serde_json::from_slice::<IgnoredAny>(bytes).map_err(|error| to_problem("", &error))?;
        return Err(Problem::invalid("", texts().api_body_not_object()));
    }
    require_printable(bytes)?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (path, error) = (error.path().to_string(), error.into_inner());
        // Of a value that is none of its choices the parser says that it is no JSON.
        match error.is_data() || serde_json::from_slice::<IgnoredAny>(bytes).is_err() {
            true => to_problem(&path, &error),
            false => Problem::invalid(&path, texts().api_choice_malformed()),
        }
    })?;
    reader.end().map_err(|error| to_problem("", &error))?;
    Ok(parsed)
}

fn to_problem(path: &str, error: &serde_json::Error) -> Problem {
    let message = error.to_string();
    if !error.is_data() {
        return Problem::new(ErrorCode::MalformedRequest, texts().api_body_not_json(message));
    }
    // `missing field `x` at line 1 column 2`: the position says little, the name much.
    let message = message.split(" at line ").next().unwrap_or(&message);
    let named = message.split('`').nth(1).filter(|_| path == ".").unwrap_or(path);
    Problem::invalid(named.trim_start_matches('.'), unreadable::explain(message))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = header_text(headers, header::CONTENT_TYPE);
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// Fields that hold what links bring, whatever that is: they are read leniently, and never kept as they came.
const FROM_LINKS: [&str; 2] = ["code", "click_id"];

/// Text with control characters is text for nobody, and PostgreSQL does not take all of them. What a field does not
/// take beyond them, as line breaks, is its own rule.
fn require_printable(bytes: &[u8]) -> Result<(), Problem> {
    fn find_control(value: &Value) -> Option<String> {
        let below = |name: String, inner: String| if inner.is_empty() { name } else { format!("{name}.{inner}") };
        match value {
            Value::String(text) => has_control(text).then(String::new),
            Value::Array(list) => {
                (0..).zip(list).find_map(|(n, value)| Some(below(n.to_string(), find_control(value)?)))
            }
            Value::Object(map) => map.iter().find_map(|(key, value)| match has_control(key) {
                true => Some(String::new()),
                false => Some(below(key.clone(), find_control(value)?)),
            }),
            _ => None,
        }
    }
    // As they are they stand in no JSON, apart from the rare ones beyond ASCII.
    let may = bytes.iter().any(|byte| matches!(byte, b'\\' | 0x7f | 0xc2));
    let mut found = may.then(|| serde_json::from_slice(bytes).ok()).flatten();
    if let Some(Value::Object(fields)) = &mut found {
        fields.retain(|name, _| !FROM_LINKS.contains(&name.as_str()));
    }
    match found.as_ref().and_then(find_control) {
        Some(field) => Err(AppError::invalid(&field, Message::InvisibleCharacters).into()),
        None => Ok(()),
    }
}

fn has_control(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// The parameters of the query.
pub struct QueryParams<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for QueryParams<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let wrong =
            query_values(parts.uri.query()).into_iter().find(|(name, value)| has_control(name) || has_control(value));
        if let Some((name, _)) = wrong {
            return Err(AppError::invalid(&name.replace(char::is_control, ""), Message::InvisibleCharacters).into());
        }
        match Query::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(rejection) => {
                let text = rejection.body_text();
                let said = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
                let (field, message) = said.split_once(": ").unwrap_or(("", said));
                Err(Problem::invalid(field, unreadable::explain(message)))
            }
        }
    }
}

/// A value in the path. What cannot be one leads nowhere.
pub struct PathParam<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for PathParam<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let found = Path::from_request_parts(parts, state).await;
        let readable = !parts.uri.path().contains("%00");
        found
            .ok()
            .filter(|_| readable)
            .map(|Path(value)| Self(value))
            .ok_or_else(|| Problem::plain(ErrorCode::NotFound))
    }
}

/// Tells a field that is `null` from one that is absent.
pub fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A field that may be absent, but never `null`.
pub fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    match Option::deserialize(from)? {
        Some(value) => Ok(Some(value)),
        None => Err(D::Error::invalid_type(Unexpected::Unit, &"a value")),
    }
}

/// The address in a field; nothing where there is none.
pub fn address(field: &str, text: Option<&str>) -> Result<Option<IpAddr>, Problem> {
    let wrong = || Problem::invalid(field, texts().api_address_malformed());
    text.map(|text| parse_address(text).ok_or_else(wrong)).transpose()
}

/// A field that may be `null`, but must be there.
pub fn required_nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

/// The user that a path names: by their id, or by the host product's id as `ext:ID`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserRef {
    Id(UserId),
    External(String),
}

impl UserRef {
    /// The user's id. *Not found* for an id of the host product that nobody has.
    pub async fn resolve(&self, tx: &mut Tx) -> Result<UserId, Problem> {
        match self {
            Self::Id(id) => Ok(*id),
            Self::External(id) => {
                let user = users::by_external_id(tx, id).await?;
                user.map(|user| user.id).ok_or_else(|| Problem::plain(ErrorCode::NotFound))
            }
        }
    }
}

impl<'de> Deserialize<'de> for UserRef {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        match text.strip_prefix("ext:") {
            Some(id) => Ok(Self::External(id.to_owned())),
            None => text.parse().map(|id| Self::Id(UserId(id))).map_err(D::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{http::HeaderValue, response::IntoResponse};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sent {
        #[expect(dead_code, reason = "only whether it can be read matters")]
        n: i64,
        #[serde(default)]
        click: Option<String>,
        #[expect(dead_code, reason = "only whether it can be read matters")]
        #[serde(default, deserialize_with = "not_null")]
        choice: Option<Choice>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Choice {
        One,
    }

    fn read(text: &str) -> Result<Sent, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        parse(&headers, text.as_bytes()).map_err(|problem| problem.into_response().status().as_u16())
    }

    #[test]
    fn control_characters_are_refused_with_the_name_of_their_field() {
        let field = |text: &str| {
            let problem = require_printable(text.as_bytes()).err()?;
            serde_json::to_value(&problem).ok()?["errors"][0]["field"].as_str().map(str::to_owned)
        };
        for (text, wrong) in [
            (r#"{"a": "x\u0000"}"#, "a"),
            (r#"{"a": "x", "b": ["y", "\b"]}"#, "b.1"),
            (r#"{"a": {"b": "\u001b"}}"#, "a.b"),
            ("{\"a\": \"\u{7f}\"}", "a"),
            ("{\"a\": \"\u{85}\"}", "a"),
            (r#"{"a\u0000": 1}"#, ""),
        ] {
            assert_eq!(field(text).as_deref(), Some(wrong), "{text}");
        }
        for fine in [r#"{"a": "x\ny\t\r"}"#, r#"{"a": "\\u0000"}"#, "{\"a\": \"Â\"}", "{"] {
            assert_eq!(field(fine), None, "{fine}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_apart() {
        assert_eq!(read("{\"n\":1,\"click\":\"7\"}").map(|sent| sent.click), Ok(Some("7".into())));
        for malformed in ["", "{", "{\"n\":1}x", "\u{feff}{}", &"[".repeat(10_000)] {
            assert_eq!(read(malformed).err(), Some(400), "{malformed:.20}");
        }
        assert!(read("{\"n\":1,\"choice\":\"one\"}").is_ok());
        let wrong = [
            "{}",
            "[]",
            "[1]",
            "null",
            "{\"n\":\"1\"}",
            "{\"n\":1,\"m\":2}",
            "{\"n\":1,\"click\":7}",
            "{\"n\":1,\"choice\":null}",
            "{\"n\":1,\"choice\":7}",
            "{\"n\":1,\"choice\":\"two\"}",
        ];
        for invalid in wrong {
            assert_eq!(read(invalid).err(), Some(422), "{invalid}");
        }
        let plain: Result<Sent, _> = parse(&HeaderMap::new(), b"{\"n\":1}");
        assert_eq!(plain.err().map(|problem| problem.into_response().status().as_u16()), Some(415));
    }
}
