//! What every answer of the API carries: the id of its request, and what is left of its caller's budget. An answer that
//! tells of an error is in the log by that id.

use crate::{
    error::AppError,
    server::{
        api::{
            auth::bearer,
            problem::{ErrorCode, Problem},
            request_id,
        },
        auth::{
            client_ip::ClientIp,
            rate_limiter::{RateLimit, tightest_budget, with_budget},
            sessions::hash_token,
        },
        state::AppState,
        store::api_keys,
    },
};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::Instrument;

/// How many requests a caller has in a minute, how many of them are left, and in how many seconds all of them are back.
pub const RATE_LIMIT: [HeaderName; 3] = [
    HeaderName::from_static("ratelimit-limit"),
    HeaderName::from_static("ratelimit-remaining"),
    HeaderName::from_static("ratelimit-reset"),
];

/// Names the request, counts it where no operation has, and adds the headers.
pub async fn add(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = request_id::of(request.headers(), &state.rng);
    let span = tracing::error_span!("api", request_id = %id);
    let name = HeaderValue::from_str(&id);
    let answer = with_budget(answer(state, request, next)).instrument(span);
    let mut response = request_id::with_id(id, answer).await;
    if let Ok(name) = name {
        response.headers_mut().insert(request_id::HEADER, name);
    }
    response
}

async fn answer(state: AppState, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let client = ClientIp::of_request(request.headers(), request.extensions(), &state.config.trusted_proxies);
    let key = bearer(request.headers()).map(|secret| hash_token(secret).to_vec());
    // The address itself may name people.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let mut response = next.run(request).await;
    if tightest_budget().is_none()
        && let Err(refused) = count(&state, key, client).await
    {
        response = Problem::from(refused).into_response();
    }
    if let Some(budget) = tightest_budget() {
        for (name, value) in RATE_LIMIT.into_iter().zip([budget.limit, budget.remaining, budget.reset]) {
            response.headers_mut().insert(name, value.into());
        }
    }
    log(&method, &route, &response);
    response
}

/// Counts a request that no operation has seen, as one to an address where nothing is.
async fn count(state: &AppState, key: Option<Vec<u8>>, client: ClientIp) -> Result<(), AppError> {
    let found = match key {
        Some(key) => match state.db.read().await {
            Ok(mut tx) => api_keys::live(&mut tx, &key).await.ok().flatten(),
            Err(_) => None,
        },
        None => None,
    };
    match found {
        Some(key) => state.rate_limiter.key(key.id),
        None => state.rate_limiter.network(RateLimit::WithoutKey, client.0),
    }
}

/// The id of the request is in the span.
fn log(method: &Method, route: &str, response: &Response) {
    let status = response.status();
    let code = response.extensions().get::<ErrorCode>().map(|code| code.name()).unwrap_or_default();
    if status.is_server_error() {
        tracing::warn!(%method, route, status = status.as_u16(), %code, "the API could not answer");
    } else if status.is_client_error() {
        tracing::info!(%method, route, status = status.as_u16(), %code, "the API refused a request");
    }
}
