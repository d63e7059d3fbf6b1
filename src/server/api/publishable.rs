//! Calls by web pages of other sites: what publishable keys open, and the headers by which browsers let pages read the
//! answers (CORS).

use crate::{
    domain::accounts::api_key::{ApiKeySecret, PUBLISHABLE_PREFIX},
    server::{
        api::{
            auth::{PageCall, bearer, record_use},
            language::texts,
            problem::{ErrorCode, Problem},
        },
        auth::{client_ip::ClientIp, rate_limiter::RateLimit, sessions::hash_token},
        clicks::request::PageVisitor,
        state::AppState,
        store::api_keys,
    },
    view_models::api_keys::ApiKeySummary,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// What a publishable key opens, by POST; nothing else.
pub const OPEN: [&str; 2] = ["/clicks", "/codes/validate"];

/// What a page may send.
const METHODS: &str = "POST";
const REQUEST_HEADERS: &str = "authorization, content-type, idempotency-key";

/// What a page may read of an answer beside its body.
const ANSWER_HEADERS: &str =
    "idempotency-replayed, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, x-request-id";

/// Seconds for which a browser need not ask again; none takes more.
const MAX_AGE: &str = "7200";

/// Answers browsers that ask beforehand, lets in what publishable keys open, and lets pages read the answers.
pub async fn let_pages_call(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let open = OPEN.contains(&parts.uri.path());
    let secret = bearer(&parts.headers);
    let publishable = secret.is_some_and(|secret| secret.starts_with(PUBLISHABLE_PREFIX));
    if !publishable && (!open || secret.is_some_and(|secret| secret.starts_with(ApiKeySecret::PREFIX))) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let origin = origin(&parts.headers);
    if open && asks_beforehand(&parts) {
        return match answer_beforehand(&state, &parts, origin.as_deref()).await {
            Ok(answer) => with_cors(answer, origin),
            Err(problem) => with_cors(problem.into_response(), None),
        };
    }
    let (key, readable) = match known(&state, &parts, origin.as_deref()).await {
        Ok(found) => found,
        Err(problem) => return problem.into_response(),
    };
    let admitted = match publishable {
        true => admit(&state, &parts, key, origin.as_deref(), open).map(Some),
        // Nobody is let in without a key.
        false => Ok(None),
    };
    let answer = match admitted {
        Ok(call) => {
            if let Some(call) = call {
                parts.extensions.insert(call);
            }
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    };
    if open { with_cors(answer, origin.filter(|_| readable)) } else { answer }
}

/// The origin of the page that calls, if it is one.
fn origin(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(header::ORIGIN).iter();
    let origin = all.next()?.to_str().ok()?;
    all.next().is_none().then(|| origin.to_owned())
}

fn asks_beforehand(parts: &Parts) -> bool {
    parts.method == Method::OPTIONS && parts.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// A browser asks without the key: pages that any of the keys lists may go on.
async fn answer_beforehand(state: &AppState, parts: &Parts, origin: Option<&str>) -> Result<Response, Problem> {
    state.rate_limiter.network(RateLimit::WithoutKey, client(state, parts).0)?;
    if !is_listed(state, origin).await? {
        return Err(Problem::new(ErrorCode::Forbidden, texts().key_origin_not_listed()));
    }
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Whether a publishable key that works lists the origin.
async fn is_listed(state: &AppState, origin: Option<&str>) -> sqlx::Result<bool> {
    let Some(origin) = origin else { return Ok(false) };
    let used = api_keys::origins_in_use(&mut state.db.read().await?).await?;
    Ok(used.iter().any(|origins| origins.allow(origin)))
}

/// The key that is sent, if there is such a publishable one, and whether the page may read the answer: the key lists
/// it, or another one that works does. So pages also learn what is wrong with their key.
async fn known(
    state: &AppState,
    parts: &Parts,
    origin: Option<&str>,
) -> Result<(Option<ApiKeySummary>, bool), Problem> {
    let key = match bearer(&parts.headers) {
        Some(secret) => api_keys::by_hash(&mut state.db.read().await?, &hash_token(secret)).await?,
        None => None,
    };
    let key = key.filter(|key| key.public_key.is_some());
    let own = key.as_ref().zip(origin).is_some_and(|(key, origin)| key.origins.allow(origin));
    let readable = own || is_listed(state, origin).await?;
    Ok((key, readable))
}

fn client(state: &AppState, parts: &Parts) -> ClientIp {
    ClientIp::of_request(&parts.headers, &parts.extensions, &state.config.trusted_proxies)
}

/// Whether a page may do what it asks for with a publishable key.
fn admit(
    state: &AppState,
    parts: &Parts,
    key: Option<ApiKeySummary>,
    origin: Option<&str>,
    open: bool,
) -> Result<PageCall, Problem> {
    let client = client(state, parts);
    let Some(key) = key.filter(|key| key.works) else {
        state.rate_limiter.network(RateLimit::WrongKey, client.0)?;
        return Err(Problem::plain(ErrorCode::Unauthorized));
    };
    state.rate_limiter.network(RateLimit::PublishableKey, client.0)?;
    state.rate_limiter.key(key.id)?;
    record_use(state, key.id);
    if !open || parts.method != Method::POST {
        return Err(Problem::new(ErrorCode::Forbidden, texts().key_opens_little()));
    }
    if !origin.is_some_and(|origin| key.origins.allow(origin)) {
        return Err(Problem::new(ErrorCode::Forbidden, texts().key_origin_not_listed()));
    }
    Ok(PageCall { key, visitor: PageVisitor::of(client, &parts.headers) })
}

/// Lets pages of `origin` read an answer, and caches know that it depends on who asks.
fn with_cors(mut answer: Response, origin: Option<String>) -> Response {
    let headers = answer.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin.and_then(|origin| HeaderValue::from_str(&origin).ok()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(ANSWER_HEADERS));
    }
    answer
}
