//! `Idempotency-Key`: a request that is sent twice is done once. What it does and the answer to it are kept by the same
//! transaction, so that a crash in between leaves both or neither.

use crate::{
    domain::{
        ids::{ApiKeyId, UserId},
        time::{MINUTE, Time},
    },
    server::{
        actions::authorize,
        api::{
            auth::ApiKey,
            extract,
            language::texts,
            problem::{ErrorCode, Problem},
        },
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{db::Tx, idempotency, json::json},
    },
};
use axum::{
    extract::{FromRequest, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The header by which a request names itself.
pub const HEADER_NAME: &str = "Idempotency-Key";

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Says that an answer is the one that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Characters of such a name at most.
const MAX_NAME: usize = 255;

/// After this a request that has no answer yet is taken to be dead.
const ABANDONED_AFTER: i64 = MINUTE;

/// The body of a POST, and how it names itself.
pub struct IdempotentPost<T> {
    pub body: T,
    named: Option<NamedRequest>,
}

struct NamedRequest {
    name: String,
    fingerprint: Vec<u8>,
}

impl<T: DeserializeOwned> FromRequest<AppState> for IdempotentPost<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Problem> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let (headers, bytes) = extract::bytes(request).await?;
        let named = match headers.get(HEADER) {
            Some(name) => Some(NamedRequest {
                name: name
                    .to_str()
                    .ok()
                    .filter(|name| (1..=MAX_NAME).contains(&name.len()))
                    .map(str::to_owned)
                    .ok_or_else(|| Problem::invalid(HEADER_NAME, texts().api_idempotency_key_length(MAX_NAME)))?,
                fingerprint: fingerprint(&method, &path, &bytes),
            }),
            None => None,
        };
        // Without a body there is nothing to say.
        let silent = bytes.is_empty() && !headers.contains_key(header::CONTENT_TYPE);
        let body = if silent { extract::parse_object(b"{}") } else { extract::parse(&headers, &bytes) };
        Ok(Self { body: body?, named })
    }
}

/// What a request asks for: the same for the same JSON, however it is written.
fn fingerprint(method: &Method, path: &str, body: &[u8]) -> Vec<u8> {
    // Objects of this type are sorted by name. Nothing is an empty object; what else is no JSON is refused in a moment.
    let meaning = serde_json::from_slice(body).unwrap_or_else(|_| Value::Object(Map::new()));
    Sha256::new().chain_update(format!("{method} {path}\n{meaning}")).finalize().to_vec()
}

/// What a request comes to.
pub enum Claimed {
    /// It was done before: this was the answer.
    Before(Response),
    /// It is to be done now.
    Now(Box<PendingRequest>),
}

/// A request at work.
pub struct PendingRequest {
    /// Everything that the request does belongs in here.
    pub tx: Tx,
    row: Option<(ApiKeyId, String)>,
    about: Option<UserId>,
}

impl<T> IdempotentPost<T> {
    /// Begins the transaction that does the work. On PostgreSQL a second request of the same name waits here for the
    /// first.
    pub async fn begin<N>(&self, state: &AppState, key: &ApiKey<N>) -> Result<Claimed, Problem> {
        match &self.named {
            Some(named) => Self::claim(named, state, key).await,
            None => {
                Ok(Claimed::Now(Box::new(PendingRequest::unnamed(authorize::begin(&state.db, &key.actor()).await?))))
            }
        }
    }

    /// The same for work that writes nothing in this transaction: without a name it only reads.
    pub async fn begin_reading<N>(&self, state: &AppState, key: &ApiKey<N>) -> Result<Claimed, Problem> {
        match &self.named {
            Some(named) => Self::claim(named, state, key).await,
            None => Ok(Claimed::Now(Box::new(PendingRequest::unnamed(state.db.read().await?)))),
        }
    }

    async fn claim<N>(named: &NamedRequest, state: &AppState, key: &ApiKey<N>) -> Result<Claimed, Problem> {
        let name = key.name_of(&named.name);
        let mut tx = authorize::begin(&state.db, &key.actor()).await?;
        let now = state.clock.now();
        let forgotten = now.plus(-idempotency::RETENTION);
        if !idempotency::claim(&mut tx, key.id, &name, &named.fingerprint, now, forgotten).await?
            && let Some(answer) = replayed_answer(&mut tx, key.id, &name, &named.fingerprint, now).await?
        {
            return Ok(Claimed::Before(answer));
        }
        let row = Some((key.id, name.into_owned()));
        Ok(Claimed::Now(Box::new(PendingRequest { row, ..PendingRequest::unnamed(tx) })))
    }
}

/// The answer that was given under this name; nothing when the request died without one and is taken over.
async fn replayed_answer(
    tx: &mut Tx,
    key: ApiKeyId,
    name: &str,
    fingerprint: &[u8],
    now: Time,
) -> Result<Option<Response>, Problem> {
    let busy = || Problem::plain(ErrorCode::IdempotencyInProgress).after(1);
    let kept = idempotency::get(tx, key, name).await?.ok_or_else(busy)?;
    if kept.fingerprint != fingerprint {
        return Err(Problem::plain(ErrorCode::IdempotencyKeyReused));
    }
    let Some(status) = kept.status else {
        let dead = now.since(kept.created_at) >= ABANDONED_AFTER;
        let taken = dead && idempotency::take_over(tx, key, name, kept.created_at, now).await?;
        return if taken { Ok(None) } else { Err(busy()) };
    };
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default();
    let mut response = match status {
        // Whom it was about is forgotten.
        StatusCode::NOT_FOUND => Problem::plain(ErrorCode::NotFound).into_response(),
        _ => json_response(status, kept.answer),
    };
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(Some(response))
}

impl PendingRequest {
    fn unnamed(tx: Tx) -> Self {
        Self { tx, row: None, about: None }
    }

    /// Says whom the answer is about: it is forgotten with them.
    pub fn set_about(&mut self, user: UserId) {
        self.about = Some(user);
    }

    /// Keeps the answer with what was done, and gives it.
    pub async fn done(
        mut self,
        state: &AppState,
        status: StatusCode,
        body: &impl Serialize,
        changes: &ChangeSet,
    ) -> Result<Response, Problem> {
        let text = json(body);
        self.keep(status, &text).await?;
        state.publisher.commit_and_publish(self.tx, changes).await?;
        Ok(json_response(status, text))
    }

    /// The same for an answer with a secret, which is given once: `kept` stands in its place when the request comes
    /// again.
    pub async fn done_with_secret(
        mut self,
        state: &AppState,
        status: StatusCode,
        body: &impl Serialize,
        kept: &impl Serialize,
    ) -> Result<Response, Problem> {
        self.keep(status, &json(kept)).await?;
        state.publisher.commit_and_publish(self.tx, &ChangeSet::default()).await?;
        Ok(json_response(status, json(body)))
    }

    async fn keep(&mut self, status: StatusCode, text: &str) -> sqlx::Result<()> {
        match &self.row {
            Some((key, name)) => {
                idempotency::keep(&mut self.tx, *key, name, status.as_u16().into(), text, self.about).await
            }
            None => Ok(()),
        }
    }

    /// For work that another transaction does: takes the name now, so that [`DetachedRequest::done`] can keep the
    /// answer.
    pub async fn detach(self) -> Result<DetachedRequest, Problem> {
        if self.row.is_some() {
            self.tx.commit().await?;
        }
        Ok(DetachedRequest { row: self.row })
    }
}

/// A request whose work is done by another transaction: a crash between work and answer leaves the work alone, and the
/// name is free again after a minute.
pub struct DetachedRequest {
    row: Option<(ApiKeyId, String)>,
}

impl DetachedRequest {
    /// Keeps the answer and gives it.
    pub async fn done(self, state: &AppState, status: StatusCode, body: &impl Serialize) -> Result<Response, Problem> {
        let text = json(body);
        if let Some((key, name)) = &self.row {
            let mut tx = state.db.begin().await?;
            idempotency::keep(&mut tx, *key, name, status.as_u16().into(), &text, None).await?;
            tx.commit().await?;
        }
        Ok(json_response(status, text))
    }

    /// Nothing was done: frees the name.
    pub async fn failed(self, state: &AppState, problem: Problem) -> Problem {
        if let Some((key, name)) = &self.row {
            let freed = async {
                let mut tx = state.db.begin().await?;
                idempotency::free(&mut tx, *key, name).await?;
                tx.commit().await
            };
            if let Err(error) = freed.await {
                tracing::warn!(%error, "the name of a failed request is taken for a minute");
            }
        }
        problem
    }
}

/// An answer in JSON.
pub fn json_response(status: StatusCode, text: String) -> Response {
    let kind = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, kind, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_request_is_known_however_it_is_written() {
        let of = |path: &str, body: &str| fingerprint(&Method::POST, path, body.as_bytes());
        let first = of("/codes", r#"{"a": 1, "b": {"c": "x", "d": [1, 2]}}"#);
        for same in [r#"{"b":{"d":[1,2],"c":"x"},"a":1}"#, "\n{\"a\":1, \"b\" : {\"c\": \"\\u0078\", \"d\": [1,2]}}"] {
            assert_eq!(of("/codes", same), first, "{same}");
        }
        for other in [
            r#"{"a": 1, "b": {"c": "x", "d": [2, 1]}}"#,
            r#"{"a": "1", "b": {"c": "x", "d": [1, 2]}}"#,
            r#"{"a": 1, "b": {"c": "X", "d": [1, 2]}}"#,
            r#"{"a": 1, "b": {"c": "x", "d": [1, 2]}, "e": null}"#,
        ] {
            assert_ne!(of("/codes", other), first, "{other}");
        }
        assert_eq!(of("/codes", ""), of("/codes", " {} "));
        assert_ne!(of("/users", r#"{"a": 1, "b": {"c": "x", "d": [1, 2]}}"#), first);
    }
}
