//! The REST API, version 1: thin handlers over the same actions that pages call. A key in `Authorization` says who
//! calls; cookies mean nothing here.

mod answer_headers;
mod api_keys;
pub mod auth;
pub mod bodies;
pub mod bulk_codes;
mod clicks;
mod codes;
mod conversions;
pub mod docs_page;
pub mod document;
mod document_parts;
mod events;
pub mod extract;
pub mod idempotency;
mod language;
mod login_links;
mod parameters;
pub mod problem;
pub mod publishable;
mod request_id;
mod rewards;
pub mod routes;
mod rules;
mod samples;
pub mod settings;
mod unreadable;
mod users;
mod webhook_deliveries;
mod webhook_endpoints;

use crate::server::{
    api::problem::{ErrorCode, Problem},
    state::AppState,
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get},
};
use std::time::Duration;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::TimeoutLayer, trace::TraceLayer,
};

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The API below its root. Every error in it is a problem with a code.
pub fn router(state: &AppState) -> Router<AppState> {
    let find_language = from_fn_with_state(state.clone(), language::find_language);
    let add_headers = from_fn_with_state(state.clone(), answer_headers::add);
    let (routes, _) = routes::routes().split_for_parts();
    let api = routes
        .route("/openapi.json", get(openapi))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn(parameters::refuse_unknown))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(from_fn(problem::problem_layer))
        .layer(from_fn_with_state(state.clone(), publishable::let_pages_call))
        .layer(add_headers.clone())
        .layer(find_language.clone())
        .layer(CompressionLayer::new())
        .layer(TraceLayer::new_for_http());
    // What is nested does not include the bare root with its slash.
    let nothing = || async { Problem::plain(ErrorCode::NotFound) };
    Router::new().nest(routes::ROOT, api).route("/api/v1/", any(nothing).layer(add_headers).layer(find_language))
}

/// The document that describes all of this, for everybody.
async fn openapi(State(state): State<AppState>) -> ([(header::HeaderName, &'static str); 2], Bytes) {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, state.api_document.get_or_init(|| document::text(&state.base_url).into()).clone())
}
