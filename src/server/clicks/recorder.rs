//! From a click request to a recorded click: who the visitor is, whether they were counted, and the queue to the
//! writer.

use crate::{
    domain::{attribution::Touchpoint, clicks::suspicion::Suspicion, ids::ClickId, time::SECOND},
    server::{
        auth::client_ip::ClientIp,
        clicks::{
            attribution_cookie::AttributionCookie,
            code_cache::CachedCode,
            dedup::ClickDedup,
            request::ClickRequest,
            visitor_hash::VisitorHash,
            work_time::WorkTime,
            writer::{self, PendingClick, Writer},
        },
        config::{clock::Clock, rng::Rng},
        store::clicks::NewClick,
    },
};
use axum::{extract::Request, http::HeaderMap};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

/// Clicks that may wait to be written; a burst beyond it is redirected uncounted.
const QUEUE_SIZE: usize = 16_384;

/// How long after their arrival visitors wait at most for their clicks to be durable.
const MAX_WAIT: Duration = Duration::from_millis(1_600);

/// What became of a click.
pub struct ClickOutcome {
    /// The click, or the earlier one that this visit repeats. Nothing when it is not known to be written down for good:
    /// then nobody may be told of it.
    pub click: Option<ClickId>,
    /// Why it does not count, if so.
    pub suspicion: Option<Suspicion>,
    /// The browser's new cookie; nothing for a visit that does not count or is not known to be written down.
    pub cookie: Option<AttributionCookie>,
}

/// What a recorder works with.
pub struct Settings {
    pub clock: Clock,
    pub rng: Rng,
    /// Signs the attribution cookie.
    pub cookie_key: Hmac<Sha256>,
    /// The site's own address.
    pub base_url: String,
    pub writer: Writer,
}

/// Records clicks and waits until they are durable. Cheap to clone.
#[derive(Clone)]
pub struct ClickRecorder(Arc<Fields>);

struct Fields {
    clock: Clock,
    rng: Rng,
    cookie_key: Hmac<Sha256>,
    base_url: String,
    dedup: Arc<ClickDedup>,
    visitors: Arc<VisitorHash>,
    work: Arc<WorkTime>,
    queue: mpsc::Sender<PendingClick>,
    stop: CancellationToken,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// The second in which a dropped click was last logged.
    logged_at: AtomicI64,
}

impl ClickRecorder {
    /// Starts the one writer of this instance.
    pub fn start(settings: Settings) -> Self {
        let Settings { clock, rng, cookie_key, base_url, writer } = settings;
        let (dedup, visitors, work) = (writer.dedup.clone(), writer.visitors.clone(), writer.work.clone());
        let (queue, receiver) = mpsc::channel(QUEUE_SIZE);
        let stop = CancellationToken::new();
        let writer = tokio::spawn(writer::run(writer, receiver, stop.clone()));
        Self(Arc::new(Fields {
            clock,
            rng,
            cookie_key,
            base_url,
            dedup,
            visitors,
            work,
            queue,
            stop,
            writer: Mutex::new(Some(writer)),
            logged_at: AtomicI64::new(0),
        }))
    }

    /// Writes what waits, as far as it can be written in time, and ends the writer.
    pub async fn finish(&self) {
        self.0.stop.cancel();
        let writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            let _ = writer.await;
        }
    }

    /// Whether clicks have not been written for so long that visitors go on before theirs are.
    pub fn is_stalled(&self) -> bool {
        self.0.work.exceeds(MAX_WAIT)
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

    /// The visitor whom a host product calls so.
    pub fn visitor_of_host(&self, name: &str) -> i64 {
        let hash = self.0.cookie_key.clone().chain_update(b"visitor of the host\0").chain_update(name);
        hash.finalize().into_bytes().first_chunk().map_or(0, |first| i64::from_le_bytes(*first))
    }

    /// Reads a visit by a link.
    pub fn read_request(&self, client: ClientIp, request: &Request) -> ClickRequest {
        ClickRequest::from_http(client, request, self.read_cookie(request.headers()), &self.0.base_url)
    }

    /// Writes a click down. Somebody who was counted for this code within the hour is only remembered. A visit that has
    /// arrived at `arrived` is let go in time, whatever the database does.
    pub async fn record(&self, request: ClickRequest, code: CachedCode, arrived: Instant) -> ClickOutcome {
        let now = self.0.clock.now();
        let known = request.cookie.as_ref();
        // Nothing while the salt of the day is not known: then the writer works it out.
        let visitor = match (known.map(|cookie| cookie.visitor).or(request.visitor), request.client) {
            (Some(visitor), _) => Some(visitor),
            (None, Some(client)) => self.0.visitors.of(now.day(), client, &request.user_agent),
            // Somebody without an address is nobody whom we know.
            (None, None) => Some(self.random_visitor()),
        };
        let counted = match known {
            Some(cookie) => cookie.counted_click(code.id, now.hour()),
            None if request.told_by_host => {
                self.0.dedup.counted_click(code.id, visitor.unwrap_or_default(), now.hour())
            }
            // Two without a cookie in one network may be two people with one kind of phone: each has a click of their
            // own, of which the writer counts one.
            None => None,
        };
        let suspicion = request.suspicion;
        let click = match counted {
            Some(click) if suspicion.is_none() => Some((click, visitor.unwrap_or_default())),
            _ => {
                let client = request.client.filter(|_| visitor.is_none());
                let click = NewClick {
                    // The writer gives it one.
                    id: ClickId(0),
                    code_id: code.id,
                    at: now,
                    visitor: visitor.unwrap_or_default(),
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
                self.write(click, client, arrived + MAX_WAIT).await
            }
        };
        let cookie = click.filter(|_| suspicion.is_none()).map(|(click, visitor)| {
            let mut cookie = request.cookie.unwrap_or_else(|| AttributionCookie::derived(visitor));
            cookie.add(Touchpoint { click, code: code.id, at: now });
            cookie
        });
        ClickOutcome { click: click.map(|(click, _)| click), suspicion, cookie }
    }

    /// Hands a click to the writer and waits until it is durable. Its id and visitor; nothing when that is not known in
    /// time. Then the visitor goes on all the same, and the click is written as soon as it can be.
    async fn write(&self, click: NewClick, client: Option<ClientIp>, deadline: Instant) -> Option<(ClickId, i64)> {
        let (written, done) = oneshot::channel();
        if self.0.queue.try_send(PendingClick { click, client, written }).is_err() {
            self.note_dropped("the queue is full, or the server stops");
            return None;
        }
        match timeout_at(deadline, done).await {
            // Without an id the writer has dropped the click, and has said why.
            Ok(written) => written.ok(),
            Err(_) => {
                metrics::counter!("passalong_clicks_unconfirmed_total").increment(1);
                None
            }
        }
    }

    /// Counts a visit that is let go without a click, and logs it, at most once a second.
    pub fn note_dropped(&self, why: &'static str) {
        metrics::counter!("passalong_clicks_dropped_total").increment(1);
        let second = self.0.clock.now().0 / SECOND;
        if self.0.logged_at.swap(second, Ordering::Relaxed) != second {
            tracing::warn!(why, "clicks are dropped");
        }
    }

    fn random_visitor(&self) -> i64 {
        i64::from_le_bytes(self.0.rng.bytes())
    }
}
