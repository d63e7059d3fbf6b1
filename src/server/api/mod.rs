//! The REST API, version 1: thin doors to the same actions that pages call. A key in `Authorization` says who calls;
//! cookies mean nothing here.

pub mod bodies;
mod bulk;
mod clicks;
mod codes;
mod document;
mod input;
pub mod key;
mod once;
pub mod problem;
mod program;
pub mod reading;
mod users;

pub use document::{document, doors, text};
pub use once::KEPT;

use super::state::Server;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{StatusCode, header},
    middleware::from_fn,
    routing::{any, get},
};
use problem::{Code, Problem};
use std::time::Duration;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::TimeoutLayer, trace::TraceLayer,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Where all of it lives.
pub const ROOT: &str = "/api/v1";

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Every route that a key opens.
fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::with_openapi(document::head())
        .routes(routes!(codes::list, codes::create))
        .routes(routes!(bulk::create))
        .routes(routes!(bulk::get))
        .routes(routes!(codes::validate))
        .routes(routes!(codes::get, codes::change, codes::delete))
        .routes(routes!(codes::get_by_code))
        .routes(routes!(codes::usages))
        .routes(routes!(users::create))
        .routes(routes!(users::get, users::change, users::erase))
        .routes(routes!(users::get_by_external_id))
        .routes(routes!(users::stats))
        .routes(routes!(users::referrals))
        .routes(routes!(clicks::create))
        .routes(routes!(program::settings, program::change))
        .routes(routes!(program::stats))
}

/// The API below its root. Every error in it is a problem with a code.
pub fn router() -> Router<Server> {
    let (routes, _) = routes().split_for_parts();
    let api = routes
        .route("/openapi.json", get(openapi))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(DefaultBodyLimit::max(input::MOST_BYTES))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(from_fn(problem::everywhere))
        .layer(CompressionLayer::new())
        .layer(TraceLayer::new_for_http());
    // What is nested does not include the bare root with its slash.
    let nothing = || async { Problem::plain(Code::NotFound) };
    Router::new().nest(ROOT, api).route("/api/v1/", any(nothing))
}

/// The document that describes all of this, for everybody.
async fn openapi() -> ([(header::HeaderName, &'static str); 2], String) {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, text())
}
