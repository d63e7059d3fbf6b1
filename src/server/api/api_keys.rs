//! Keys of the API: listing, creating and revoking them.

use crate::{
    domain::ids::ApiKeyId,
    error::AppError,
    server::{
        actions::api_keys::{
            create_api_key::{self, KeyFields, Wanted},
            revoke_api_key,
        },
        api::{
            auth::{Admin, ApiKey},
            bodies::{
                Page, PageParams,
                api_key::{ApiKeyBody, KeyKind, NewApiKey},
            },
            extract::{PathParam, QueryParams},
            idempotency::{Claimed, IdempotentPost},
            language::texts,
            problem::Problem,
        },
        state::AppState,
        store::api_keys,
    },
    view_models::api_keys::ApiKeySummary,
};
use axum::{Json, extract::State, http::StatusCode, response::Response};

/// List API keys
///
/// The latest first, revoked ones included.
#[utoipa::path(get, operation_id = "listApiKeys", path = "/api-keys", tag = "keys", params(PageParams), security(("key" = ["admin"])),
    responses((status = 200, description = "A page of keys", body = Page<ApiKeyBody>)))]
pub async fn list(
    _: ApiKey<Admin>,
    State(state): State<AppState>,
    QueryParams(part): QueryParams<PageParams>,
) -> Result<Json<Page<ApiKeyBody>>, Problem> {
    let limit = PageParams::limit(part.limit)?;
    let after = PageParams::after(part.after.as_deref())?;
    let rows = api_keys::page(&mut state.db.read().await?, after.as_ref(), limit + 1).await?;
    Ok(Json(Page::of(rows, limit, ApiKeySummary::cursor)))
}

/// Create an API key
///
/// It belongs to the same admin as the key that creates it. The answer has the whole key in `key`; of a secret one that
/// is the only time, also when the request is sent again with its Idempotency-Key.
#[utoipa::path(post, operation_id = "createApiKey", path = "/api-keys", tag = "keys", request_body = NewApiKey, security(("key" = ["admin"])),
    responses((status = 201, description = "The key", body = ApiKeyBody)))]
pub async fn create(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    post: IdempotentPost<NewApiKey>,
) -> Result<Response, Problem> {
    let mut request = match post.begin(&state, &key).await? {
        Claimed::Before(answer) => return Ok(answer),
        Claimed::Now(request) => request,
    };
    let fields = fields(&post.body)?;
    let now = state.clock.now();
    let (id, secret) = create_api_key::run_in(&mut request.tx, &state.rng, &key.actor(), &fields, now).await?;
    let made = api_keys::by_id(&mut request.tx, id).await?.ok_or(AppError::NotFound)?;
    let kept = ApiKeyBody::from(made);
    let shown = ApiKeyBody { key: Some(secret.0), ..kept.clone() };
    request.done_with_secret(&state, StatusCode::CREATED, &shown, &kept).await
}

fn fields(new: &NewApiKey) -> Result<KeyFields, Problem> {
    let scopes: Vec<_> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    let origins = new.origins.join("\n");
    Ok(match new.kind {
        KeyKind::Secret if !origins.is_empty() => {
            return Err(Problem::invalid("origins", texts().key_secret_without_origins()));
        }
        KeyKind::Publishable if !scopes.is_empty() => {
            return Err(Problem::invalid("scopes", texts().key_publishable_without_scopes()));
        }
        KeyKind::Secret => KeyFields::parse(&new.name, Wanted::Scopes(&scopes.join(",")))?,
        KeyKind::Publishable => KeyFields::parse(&new.name, Wanted::Origins(&origins))?,
    })
}

/// Revoke an API key
///
/// It opens nothing from the next request on, for good. A key may revoke itself.
#[utoipa::path(delete, operation_id = "revokeApiKey", path = "/api-keys/{id}", tag = "keys", params(("id" = i64, Path, description = "The key's id")),
    security(("key" = ["admin"])), responses((status = 204, description = "It is revoked")))]
pub async fn revoke(
    key: ApiKey<Admin>,
    State(state): State<AppState>,
    PathParam(id): PathParam<i64>,
) -> Result<StatusCode, Problem> {
    revoke_api_key::run(&state.db, &key.actor(), ApiKeyId(id), state.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
