//! What monitors ask: does it live, can it work, how is it going.

use super::{auth::Origin, state::Server};
use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{sync::OnceLock, time::Duration};
use subtle::ConstantTimeEq;

/// How long the database may take to accept a write.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /healthz`: the process serves.
pub async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: the database takes a write.
pub async fn ready(State(server): State<Server>) -> Response {
    match tokio::time::timeout(PATIENCE, server.db.probe()).await {
        Ok(Ok(())) => "ready".into_response(),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database does not take a write");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not take a write").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database takes too long").into_response(),
    }
}

/// The collector of all metrics of this process.
fn collector() -> Option<&'static PrometheusHandle> {
    static COLLECTOR: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    COLLECTOR
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).ok().map(|()| handle)
        })
        .as_ref()
}

/// Starts collecting; counters that have not moved yet are shown as zero.
pub fn start_metrics() {
    collector();
    metrics::counter!("passalong_clicks_recorded_total").absolute(0);
    metrics::counter!("passalong_clicks_counted_total").absolute(0);
    metrics::counter!("passalong_clicks_dropped_total").absolute(0);
    metrics::counter!("passalong_clicks_unconfirmed_total").absolute(0);
    metrics::counter!("passalong_signups_total").absolute(0);
}

/// `GET /metrics`: for this machine itself, or whoever has the token.
pub async fn metrics(State(server): State<Server>, request: Request) -> Response {
    if !may_read(&server, &request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    metrics::gauge!("passalong_live_watchers").set(server.live.watchers() as f64);
    let text = collector().map(PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

fn may_read(server: &Server, request: &Request) -> bool {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match &server.settings.metrics_token {
        Some(token) => sent.and_then(|sent| sent.strip_prefix("Bearer ")).is_some_and(|sent| same(sent, token)),
        None => {
            let proxied =
                request.headers().contains_key("x-forwarded-for") || request.headers().contains_key("forwarded");
            let origin = Origin::of_request(server, request.headers(), request.extensions());
            origin.0.is_loopback() && !proxied
        }
    }
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
