//! What monitors ask: `/healthz`, `/readyz` and `/metrics`.

use crate::server::{
    auth::{client_ip::ClientIp, header_text::header_text},
    state::AppState,
};
use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use subtle::ConstantTimeEq;

/// `GET /healthz`: the process serves.
pub async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: the database takes a write, the schema is current, and clicks are written.
pub async fn ready(State(state): State<AppState>) -> Response {
    let ready = match state.probe.run(state.clock.now()).await {
        Ok(()) if state.clicks.is_stalled() => Err("clicks cannot be written"),
        ready => ready,
    };
    match ready {
        Ok(()) => "ready".into_response(),
        Err(why) => {
            tracing::error!(why, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, why).into_response()
        }
    }
}

/// The recorder of all metrics of this process.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).ok().map(|()| handle)
        })
        .as_ref()
}

/// Starts collecting; counters that have not moved yet are shown as zero.
pub fn start_metrics() {
    recorder();
    metrics::counter!("passalong_clicks_recorded_total").absolute(0);
    metrics::counter!("passalong_clicks_counted_total").absolute(0);
    metrics::counter!("passalong_clicks_dropped_total").absolute(0);
    metrics::counter!("passalong_clicks_unconfirmed_total").absolute(0);
    metrics::counter!("passalong_signups_total").absolute(0);
    metrics::counter!("passalong_connections_refused_total").absolute(0);
    metrics::gauge!("passalong_connections").increment(0);
    metrics::counter!("passalong_guessing_networks_total").absolute(0);
    for outcome in ["delivered", "retried", "failed"] {
        metrics::counter!("passalong_webhook_attempts_total", "outcome" => outcome).absolute(0);
    }
}

/// `GET /metrics`: for this machine itself, or whoever has the token.
pub async fn metrics(State(state): State<AppState>, request: Request) -> Response {
    if !may_read(&state, &request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    metrics::gauge!("passalong_live_watchers").set(state.user_stats.watchers() as f64);
    let text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

fn may_read(state: &AppState, request: &Request) -> bool {
    match &state.config.metrics_token {
        Some(token) => {
            let sent = header_text(request.headers(), header::AUTHORIZATION);
            sent.strip_prefix("Bearer ").is_some_and(|sent| same(sent, token))
        }
        None => {
            let proxied =
                request.headers().contains_key("x-forwarded-for") || request.headers().contains_key("forwarded");
            let trusted = &state.config.trusted_proxies;
            ClientIp::of_request(request.headers(), request.extensions(), trusted).0.is_loopback() && !proxied
        }
    }
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
