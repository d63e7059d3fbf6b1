//! `Idempotency-Key`: a request that is sent twice is done once. What it does and the answer to it are kept by the same
//! transaction, so that a crash in between leaves both or neither.

use super::{
    input,
    key::ApiKey,
    problem::{Code, Problem},
};
use crate::{
    domain::{
        ids::ApiKeyId,
        time::{DAY, MINUTE, Time},
    },
    server::{
        relay::{self, Change},
        state::Server,
        store::{Tx, idempotency, json},
    },
};
use axum::{
    extract::{FromRequest, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

/// The header by which a request names itself.
pub const HEADER_NAME: &str = "Idempotency-Key";

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Says that an answer is the one that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// How long answers are kept.
pub const KEPT: i64 = DAY;

/// After this a request that has no answer yet is taken to be dead.
const DEAD: i64 = MINUTE;

/// The body of a POST, and how it names itself.
pub struct Posted<T> {
    pub body: T,
    named: Option<Named>,
}

struct Named {
    name: String,
    fingerprint: Vec<u8>,
}

impl<T: DeserializeOwned> FromRequest<Server> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Problem> {
        let path = request.uri().path().to_owned();
        let (headers, bytes) = input::bytes(request, server).await?;
        let named = match headers.get(HEADER) {
            Some(name) => Some(Named {
                name: name.to_str().ok().filter(|name| (1..=255).contains(&name.len())).map(str::to_owned).ok_or_else(
                    || Problem::invalid("Idempotency-Key", "Please send 1 to 255 printable ASCII characters."),
                )?,
                fingerprint: Sha256::new()
                    .chain_update(&path)
                    .chain_update([0])
                    .chain_update(&bytes)
                    .finalize()
                    .to_vec(),
            }),
            None => None,
        };
        Ok(Self { body: input::parse(&headers, &bytes)?, named })
    }
}

/// What a request comes to.
pub enum Turn {
    /// It was done before: this was the answer.
    Before(Response),
    /// It is to be done now.
    Now(Box<Work>),
}

/// A request at work.
pub struct Work {
    /// Everything that the request does belongs in here.
    pub tx: Tx,
    row: Option<(ApiKeyId, String)>,
}

impl<T> Posted<T> {
    /// Begins the transaction that does the work. On PostgreSQL a second request of the same name waits here for the first.
    pub async fn begin<N>(&self, server: &Server, key: &ApiKey<N>) -> Result<Turn, Problem> {
        match &self.named {
            Some(named) => Self::turn(named, server, key).await,
            None => Ok(Turn::Now(Box::new(Work { tx: server.db.begin().await?, row: None }))),
        }
    }

    /// The same for work that writes nothing in this transaction: without a name it only reads.
    pub async fn begin_reading<N>(&self, server: &Server, key: &ApiKey<N>) -> Result<Turn, Problem> {
        match &self.named {
            Some(named) => Self::turn(named, server, key).await,
            None => Ok(Turn::Now(Box::new(Work { tx: server.db.read().await?, row: None }))),
        }
    }

    async fn turn<N>(named: &Named, server: &Server, key: &ApiKey<N>) -> Result<Turn, Problem> {
        let mut tx = server.db.begin().await?;
        let now = server.clock.now();
        let forgotten = now.plus(-KEPT);
        if !idempotency::claim(&mut tx, key.id, &named.name, &named.fingerprint, now, forgotten).await?
            && let Some(answer) = before(&mut tx, key.id, named, now).await?
        {
            return Ok(Turn::Before(answer));
        }
        Ok(Turn::Now(Box::new(Work { tx, row: Some((key.id, named.name.clone())) })))
    }
}

/// The answer that was given under this name; nothing when the request died without one and is taken over.
async fn before(tx: &mut Tx, key: ApiKeyId, named: &Named, now: Time) -> Result<Option<Response>, Problem> {
    let busy = || Problem::plain(Code::IdempotencyInProgress).after(1);
    let kept = idempotency::get(tx, key, &named.name).await?.ok_or_else(busy)?;
    if kept.fingerprint != named.fingerprint {
        return Err(Problem::plain(Code::IdempotencyKeyReused));
    }
    let Some(status) = kept.status else {
        let dead = now.since(kept.created_at) >= DEAD;
        let taken = dead && idempotency::take_over(tx, key, &named.name, kept.created_at, now).await?;
        return if taken { Ok(None) } else { Err(busy()) };
    };
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default();
    let mut response = answer(status, kept.answer);
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(Some(response))
}

impl Work {
    /// Keeps the answer with what was done, and gives it.
    pub async fn done(
        mut self,
        server: &Server,
        status: StatusCode,
        body: &impl Serialize,
        change: &Change,
    ) -> Result<Response, Problem> {
        let text = json(body);
        if let Some((key, name)) = &self.row {
            idempotency::keep(&mut self.tx, *key, name, status.as_u16().into(), &text).await?;
        }
        relay::announce(&mut self.tx, server.instance, change).await?;
        self.tx.commit().await?;
        relay::apply(server, change).await;
        Ok(answer(status, text))
    }

    /// For work that another transaction does: takes the name now, so that [`Outside::done`] can keep the answer.
    pub async fn outside(self) -> Result<Outside, Problem> {
        if self.row.is_some() {
            self.tx.commit().await?;
        }
        Ok(Outside { row: self.row })
    }
}

/// A request whose work is done by another transaction: a crash between work and answer leaves the work alone, and the
/// name is free again after a minute.
pub struct Outside {
    row: Option<(ApiKeyId, String)>,
}

impl Outside {
    /// Keeps the answer and gives it.
    pub async fn done(self, server: &Server, status: StatusCode, body: &impl Serialize) -> Result<Response, Problem> {
        let text = json(body);
        if let Some((key, name)) = &self.row {
            let mut tx = server.db.begin().await?;
            idempotency::keep(&mut tx, *key, name, status.as_u16().into(), &text).await?;
            tx.commit().await?;
        }
        Ok(answer(status, text))
    }

    /// Nothing was done: frees the name.
    pub async fn failed(self, server: &Server, problem: Problem) -> Problem {
        if let Some((key, name)) = &self.row {
            let freed = async {
                let mut tx = server.db.begin().await?;
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
pub fn answer(status: StatusCode, text: String) -> Response {
    let kind = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, kind, text).into_response()
}
