//! One attempt to deliver a message.

use crate::{
    domain::{
        time::{SECOND, Time},
        webhooks::{
            delivery::{AttemptProblem, problem_of},
            message,
        },
    },
    server::{
        config::clock::Clock,
        errors::BoxError,
        outbox::webhooks::{
            addresses::{Names, Resolver, Unreachable, is_public, literal},
            signature,
        },
        store::{webhook_deliveries::Taken, webhook_endpoints::Destination},
    },
};
use reqwest::{Client, Response, header, redirect::Policy};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use std::{error::Error, io, sync::Arc, time::Duration};
use tokio::time::Instant;
use url::Url;

/// How long an endpoint may take to answer.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection stays open for the next message.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of an answer that are read, and characters that are kept.
const MAX_READ: usize = 4_096;
const MAX_KEPT: usize = 1_024;

/// Sends messages. Cheap to clone.
#[derive(Clone)]
pub struct WebhookSender {
    client: Client,
    allow_private: bool,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it began, by the clock of the server.
    pub at: Time,
    pub duration_ms: i64,
    /// Nothing when there was no answer.
    pub status: Option<u16>,
    /// The beginning of the answer's body.
    pub response: String,
    /// Why it is no delivery; nothing for one.
    pub problem: Option<AttemptProblem>,
    /// How long the endpoint asks to wait, in milliseconds.
    pub retry_after: Option<i64>,
}

impl WebhookSender {
    /// A sender that looks names up by `names`, trusts certificates of `roots` and waits so long for an answer. It
    /// follows no redirect and uses no proxy.
    pub fn new(
        allow_private: bool,
        names: Arc<dyn Names>,
        roots: RootCertStore,
        answer_timeout: Duration,
    ) -> Result<Self, BoxError> {
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .timeout(answer_timeout)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .user_agent(concat!("Passalong/", env!("CARGO_PKG_VERSION"), " (webhooks)"))
            .dns_resolver(Arc::new(Resolver { names, allow_private }))
            .build()?;
        Ok(Self { client, allow_private })
    }

    /// Sends a message, with the same id as every time and a fresh timestamp and signature.
    pub async fn send(&self, destination: &Destination, taken: &Taken, clock: &Clock) -> Attempt {
        let (at, began) = (clock.now(), Instant::now());
        let mut attempt = Attempt {
            at,
            duration_ms: 0,
            status: None,
            response: String::new(),
            problem: Some(AttemptProblem::AddressForbidden),
            retry_after: None,
        };
        // A client looks no address up that is one already.
        let url = Url::parse(&destination.url).ok();
        let Some(url) = url.filter(|url| self.allow_private || literal(url).is_none_or(is_public)) else {
            return attempt;
        };
        match self.request(url, destination, taken, at).send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                attempt.status = Some(status);
                attempt.problem = problem_of(status);
                attempt.retry_after = retry_after(&response, clock.now());
                attempt.response = beginning(response).await;
            }
            Err(error) => attempt.problem = Some(problem(&error)),
        }
        attempt.duration_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        attempt
    }

    fn request(&self, url: Url, destination: &Destination, taken: &Taken, at: Time) -> reqwest::RequestBuilder {
        let event = taken.event_id.map(|event| event.0);
        let body = message::body(event, &taken.kind, taken.version, &taken.data, taken.occurred_at);
        let old = destination.old_secret.as_ref().filter(|_| destination.old_secret_until.is_some_and(|end| at < end));
        let secrets: Vec<_> = [Some(&destination.secret), old].into_iter().flatten().collect();
        let id = taken.message_id.as_str();
        self.client
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", signature::timestamp(at))
            .header("webhook-signature", signature::sign(&secrets, id, at, &body))
            .body(body)
    }
}

/// The beginning of an answer's body, as text that every database takes. The rest is not read.
async fn beginning(mut response: Response) -> String {
    let mut read = vec![];
    while read.len() < MAX_READ
        && let Ok(Some(chunk)) = response.chunk().await
    {
        read.extend_from_slice(&chunk[..chunk.len().min(MAX_READ - read.len())]);
    }
    let text = String::from_utf8_lossy(&read);
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(MAX_KEPT).collect()
}

/// How long an answer asks to wait: seconds, or until a date.
fn retry_after(response: &Response, now: Time) -> Option<i64> {
    let value = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse::<i64>() {
        Ok(seconds) => seconds.saturating_mul(SECOND),
        Err(_) => Time(jiff::fmt::rfc2822::parse(value).ok()?.timestamp().as_millisecond()).since(now),
    };
    (wait > 0).then_some(wait)
}

/// The authorities that browsers trust.
pub fn public_roots() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

fn problem(error: &reqwest::Error) -> AttemptProblem {
    let found = causes(error).find_map(|cause| {
        if let Some(unreachable) = cause.downcast_ref::<Unreachable>() {
            return Some(match unreachable {
                Unreachable::Unknown => AttemptProblem::NameUnknown,
                Unreachable::Forbidden => AttemptProblem::AddressForbidden,
            });
        }
        is_tls(cause).then_some(AttemptProblem::NotTrusted)
    });
    let other = if error.is_timeout() { AttemptProblem::TimedOut } else { AttemptProblem::NotConnected };
    found.unwrap_or(other)
}

/// An I/O error may be one of TLS, which it does not name as its cause.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>() || inner.is_some_and(|inner| is_tls(inner))
}

fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&'a (dyn Error + 'static)| (*cause).source())
}

#[cfg(test)]
mod tests;
