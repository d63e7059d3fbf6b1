//! Links by which a host product lets its people in.

use crate::{
    error::AppError,
    server::{
        actions::account_links::create_login_link,
        api::{
            auth::{ApiKey, Write, bearer},
            bodies::{
                Instant,
                reward::Nothing,
                user::{LoginLink, LoginLinkSeed},
            },
            extract::{PathParam, UserRef},
            idempotency::{Claimed, IdempotentPost, json_response},
            language::texts,
            problem::{ErrorCode, Problem},
            users::USER_REF,
        },
        auth::sessions::hash_token,
        errors::{BoxError, TxError, internal, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::json::json,
    },
};
use axum::{
    body::to_bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of the answer that is kept, at most.
const MAX_KEPT: usize = 1_024;

/// Create a login link
///
/// Signs the user in once, within ten minutes, and leads to their dashboard: send their browser there when they press a
/// button in your product. Not for admins, nor for users who are disabled.
#[utoipa::path(post, operation_id = "createLoginLink", path = "/users/{id}/login-link", tag = "users",
    params(("id" = String, Path, description = USER_REF)),
    request_body = Nothing, security(("key" = ["write"])),
    responses((status = 201, description = "The link", body = LoginLink)))]
pub async fn create(
    key: ApiKey<Write>,
    State(state): State<AppState>,
    PathParam(user): PathParam<UserRef>,
    headers: HeaderMap,
    post: IdempotentPost<Nothing>,
) -> Result<Response, Problem> {
    let secret = bearer(&headers).unwrap_or_default();
    let answer = retry_races(|| async {
        let mut request = match post.begin(&state, &key).await? {
            Claimed::Before(answer) => return Ok(answer),
            Claimed::Now(request) => request,
        };
        let id = user.resolve(&mut request.tx).await?;
        let seed = BASE64.encode(state.rng.bytes::<32>());
        let hash = hash_token(&token_of(secret, &seed).map_err(|error| Problem::from(internal(error)))?);
        let created = create_login_link::run_in(&mut request.tx, &key.actor(), id, &hash, state.clock.now()).await;
        let expires_at = created.map_err(said_of_admins)?;
        request.set_about(id);
        let kept = LoginLinkSeed { seed, expires_at: Instant(expires_at) };
        Ok::<_, TxError<Problem>>(request.done(&state, StatusCode::CREATED, &kept, &ChangeSet::default()).await?)
    })
    .await?;
    with_url(&state, secret, answer).await
}

/// The secret in the link. What is kept of an answer, so that a repeated request gets the same one, has a seed of it
/// only: whoever reads the database lacks the key of the API.
fn token_of(key: &str, seed: &str) -> Result<String, BoxError> {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())?;
    Ok(BASE64.encode(mac.chain_update(seed).finalize().into_bytes()))
}

/// The answer with the address in place of the seed.
async fn with_url(state: &AppState, key: &str, answer: Response) -> Result<Response, Problem> {
    if answer.status() != StatusCode::CREATED {
        return Ok(answer);
    }
    let (parts, body) = answer.into_parts();
    let kept = to_bytes(body, MAX_KEPT).await.map_err(|error| internal(error.into()))?;
    let kept: LoginLinkSeed = serde_json::from_slice(&kept).map_err(|error| internal(error.into()))?;
    let token = token_of(key, &kept.seed).map_err(internal)?;
    let link = LoginLink { url: format!("{}/signin/link?token={token}", state.base_url), expires_at: kept.expires_at };
    let mut response = json_response(StatusCode::CREATED, json(&link));
    // Whether it was given before.
    for (name, value) in &parts.headers {
        response.headers_mut().entry(name).or_insert(value.clone());
    }
    Ok(response)
}

/// Says of whom no key of the API may make a session.
fn said_of_admins(error: TxError) -> TxError<Problem> {
    match error {
        TxError::Rejected(AppError::Forbidden) => {
            TxError::Rejected(Problem::new(ErrorCode::Forbidden, texts().api_login_link_admin()))
        }
        error => error.into(),
    }
}
