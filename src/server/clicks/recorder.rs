//! From a click request to a recorded click: who the visitor is, whether they were counted, and the queue to the writer.

use crate::{
    domain::{attribution::Touchpoint, clicks::suspicion::Suspicion, ids::ClickId, time::Time},
    server::{
        auth::client_ip::ClientIp,
        clicks::{
            attribution_cookie::AttributionCookie,
            code_cache::CachedCode,
            dedup::ClickDedup,
            request::ClickRequest,
            writer::{self, PendingClick, Writer},
        },
        config::{clock::Clock, rng::Rng},
        store::{clicks::NewClick, db::Db, secrets},
    },
};
use arc_swap::ArcSwapOption;
use axum::{extract::Request, http::HeaderMap};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

/// Clicks that may wait to be written; a burst beyond it is redirected uncounted.
const QUEUE_SIZE: usize = 16_384;

/// What became of a click.
pub struct ClickOutcome {
    /// The click, or the earlier one that this visit repeats.
    pub click: ClickId,
    /// Whether it is written down for good.
    pub durable: bool,
    /// Why it does not count, if so.
    pub suspicion: Option<Suspicion>,
    /// The browser's new cookie; nothing for a visit that does not count.
    pub cookie: Option<AttributionCookie>,
}

/// What a recorder works with.
pub struct Settings {
    pub db: Db,
    pub clock: Clock,
    pub rng: Rng,
    /// Signs the attribution cookie.
    pub cookie_key: Hmac<Sha256>,
    /// The site's own address.
    pub base_url: String,
    pub instance: i64,
    pub dedup: Arc<ClickDedup>,
    pub writer: Writer,
}

/// Records clicks and waits until they are durable. Cheap to clone.
#[derive(Clone)]
pub struct ClickRecorder(Arc<Fields>);

struct Fields {
    db: Db,
    clock: Clock,
    rng: Rng,
    cookie_key: Hmac<Sha256>,
    base_url: String,
    instance: i64,
    dedup: Arc<ClickDedup>,
    queue: mpsc::Sender<PendingClick>,
    stop: CancellationToken,
    writer: Mutex<Option<JoinHandle<()>>>,
    last_id: AtomicI64,
    /// The day, and a hash that begins with its salt.
    salt: ArcSwapOption<(i64, Hmac<Sha256>)>,
}

impl ClickRecorder {
    /// Starts the one writer of this instance.
    pub fn start(settings: Settings) -> Self {
        let Settings { db, clock, rng, cookie_key, base_url, instance, dedup, writer } = settings;
        let (queue, receiver) = mpsc::channel(QUEUE_SIZE);
        let stop = CancellationToken::new();
        let writer = tokio::spawn(writer::run(writer, receiver, stop.clone()));
        Self(Arc::new(Fields {
            db,
            clock,
            rng,
            cookie_key,
            base_url,
            instance,
            dedup,
            queue,
            stop,
            writer: Mutex::new(Some(writer)),
            last_id: AtomicI64::new(0),
            salt: ArcSwapOption::empty(),
        }))
    }

    /// Writes what waits and ends the writer.
    pub async fn finish(&self) {
        self.0.stop.cancel();
        let writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            let _ = writer.await;
        }
    }

    /// The attribution cookie that a request brings.
    pub fn read_cookie(&self, headers: &HeaderMap) -> Option<AttributionCookie> {
        AttributionCookie::from_headers(headers, &self.0.cookie_key)
    }

    /// The `Set-Cookie` header of an attribution cookie.
    pub fn set_cookie_header(&self, cookie: &AttributionCookie) -> String {
        cookie.set_cookie_header(&self.0.cookie_key, self.0.base_url.starts_with("https:"))
    }

    /// The cookie of a browser with a random id of its own.
    pub fn new_cookie(&self) -> AttributionCookie {
        AttributionCookie::new(self.random_visitor())
    }

    /// Reads a visit by a link.
    pub fn read_request(&self, client: ClientIp, request: &Request) -> ClickRequest {
        ClickRequest::from_http(client, request, self.read_cookie(request.headers()), &self.0.base_url)
    }

    /// Writes a click down. Somebody who was counted for this code within the hour is only remembered.
    pub async fn record(&self, request: ClickRequest, code: CachedCode) -> ClickOutcome {
        let now = self.0.clock.now();
        let known = request.cookie.as_ref();
        let visitor = match (known, request.client) {
            (Some(cookie), _) => cookie.visitor,
            (None, Some(_)) => self.hash_visitor(&request, now).await,
            // Somebody without an address is nobody whom we know.
            (None, None) => self.random_visitor(),
        };
        let counted = known
            .and_then(|cookie| cookie.counted_click(code.id, now.hour()))
            .or_else(|| self.0.dedup.counted_click(code.id, visitor, now.hour()));
        let suspicion = request.suspicion;
        let (click, durable) = match counted {
            Some(click) if suspicion.is_none() => (click, true),
            _ => {
                let id = self.next_id(now);
                let click = NewClick {
                    id,
                    code_id: code.id,
                    visitor,
                    network: request.client.map(|client| client.network()).unwrap_or_default(),
                    user_agent: request.user_agent,
                    referring_host: request.referring_host,
                    channel: request.channel,
                    first: !known.is_some_and(|cookie| cookie.has_followed(code.id)),
                    suspicion: suspicion.map(Suspicion::as_str),
                    earlier: known.and_then(AttributionCookie::click_ids),
                    counts: false,
                    referrer: code.referrer,
                };
                (id, self.write(click).await)
            }
        };
        if suspicion.is_some() {
            return ClickOutcome { click, durable, suspicion, cookie: None };
        }
        let mut cookie = request.cookie.unwrap_or_else(|| AttributionCookie::derived(visitor));
        cookie.add(Touchpoint { click, code: code.id, at: now });
        ClickOutcome { click, durable, suspicion, cookie: Some(cookie) }
    }

    /// Hands a click to the writer and waits until it is durable. Whether it is; if not, that is logged and in the
    /// metrics, and the visitor goes on all the same.
    async fn write(&self, click: NewClick) -> bool {
        let (written, done) = oneshot::channel();
        if self.0.queue.try_send(PendingClick { click, written }).is_err() {
            metrics::counter!("passalong_clicks_dropped_total").increment(1);
            tracing::warn!("a click was dropped: the queue is full");
            return false;
        }
        // The writer answers within its own time limit; if it gives up, it has said why.
        done.await.is_ok()
    }

    fn next_id(&self, now: Time) -> ClickId {
        next_id(&self.0.last_id, self.0.instance, now)
    }

    fn random_visitor(&self) -> i64 {
        i64::from_le_bytes(self.0.rng.bytes())
    }

    /// A browser without a cookie: a keyed hash that nobody can undo once the salt of the day is gone.
    async fn hash_visitor(&self, request: &ClickRequest, now: Time) -> i64 {
        let salted = match self.salted_hash(now.day()).await {
            Ok(salted) => salted,
            Err(error) => {
                tracing::error!(%error, "no salt: a visitor counts as new");
                return self.random_visitor();
            }
        };
        let hash = salted
            .chain_update(request.client.map(|client| client.key()).unwrap_or_default())
            .chain_update(&request.user_agent)
            .finalize()
            .into_bytes();
        hash.first_chunk().map_or(0, |first| i64::from_le_bytes(*first))
    }

    /// A hash that begins with the salt of the day, the same on all instances; forgotten with the day.
    async fn salted_hash(&self, day: i64) -> sqlx::Result<Hmac<Sha256>> {
        if let Some(salt) = self.0.salt.load().as_ref().filter(|salt| salt.0 == day) {
            return Ok(salt.1.clone());
        }
        Box::pin(self.fetch_salt(day)).await
    }

    async fn fetch_salt(&self, day: i64) -> sqlx::Result<Hmac<Sha256>> {
        let mut tx = self.0.db.begin().await?;
        let salt = secrets::salt(&mut tx, day, &self.0.rng.bytes::<32>()).await?;
        tx.commit().await?;
        let key = Hmac::new_from_slice(&salt).map_err(|error| sqlx::Error::Decode(error.into()))?;
        self.0.salt.store(Some(Arc::new((day, key.clone()))));
        Ok(key)
    }
}

/// An id that no other click has: the time, then 12 bits of the instance, then a number. Ids only grow.
fn next_id(last_id: &AtomicI64, instance: i64, now: Time) -> ClickId {
    let fresh = ClickId::first_at(now).0 | ((instance & 0xfff) << 8);
    let next = |last: i64| {
        if last < fresh {
            fresh
        } else if last & 0xff < 0xff {
            last + 1
        } else {
            // This millisecond is full: borrow from the next one.
            ((last >> 20) + 1) << 20 | ((instance & 0xfff) << 8)
        }
    };
    match last_id.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last))) {
        Ok(last) | Err(last) => ClickId(next(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_only_grow_and_carry_time_and_instance() {
        let last_id = AtomicI64::new(0);
        let mut last = ClickId(0);
        for n in 0..1_000 {
            let id = next_id(&last_id, 0x1234, Time(1_000 - n % 2));
            assert!(id > last);
            assert_eq!((id.0 >> 8) & 0xfff, 0x234);
            last = id;
        }
        assert_eq!(next_id(&last_id, 0x1234, Time(5_000)).at(), Time(5_000));
    }
}
