//! Who calls the API: a key, and what it must be allowed. It stands in the signature of every route.

use crate::{
    domain::{
        accounts::api_key::{ApiKeySecret, PUBLISHABLE_PREFIX, Scope},
        ids::ApiKeyId,
    },
    server::{
        api::{
            language::texts,
            problem::{ErrorCode, Problem},
        },
        auth::caller::{Actor, Authority},
        auth::{client_ip::ClientIp, rate_limiter::RateLimit, sessions::hash_token},
        clicks::request::PageVisitor,
        state::AppState,
        store::api_keys,
    },
    view_models::api_keys::ApiKeySummary,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use std::{borrow::Cow, marker::PhantomData};

/// How often it is written down that a key is in use, in milliseconds.
const RECORD_EVERY: i64 = 60_000;

/// What a route needs.
pub trait RequiredScope: Send + Sync + 'static {
    /// What a secret key must be allowed.
    const SCOPE: Scope;
    /// Whether web pages may call it with a publishable key.
    const PUBLISHABLE: bool = false;
}

/// Look at everything.
pub struct Read;

/// Create and change codes, users and clicks.
pub struct Write;

/// Change settings, and erase people.
pub struct Admin;

/// The same for programs, and open to web pages.
pub struct OrPage<N>(PhantomData<N>);

impl RequiredScope for Read {
    const SCOPE: Scope = Scope::Read;
}

impl RequiredScope for Write {
    const SCOPE: Scope = Scope::Write;
}

impl RequiredScope for Admin {
    const SCOPE: Scope = Scope::Admin;
}

impl<N: RequiredScope> RequiredScope for OrPage<N> {
    const SCOPE: Scope = N::SCOPE;
    const PUBLISHABLE: bool = true;
}

/// A request of a web page that was let in with a publishable key; stands in the request.
#[derive(Clone, Debug)]
pub struct PageCall {
    pub key: ApiKeySummary,
    pub visitor: PageVisitor,
}

/// A caller whose key opens the route.
pub struct ApiKey<N> {
    pub id: ApiKeyId,
    pub name: String,
    /// Nothing for a publishable key.
    pub scope: Option<Scope>,
    /// Whose browser calls with a publishable key.
    pub visitor: Option<PageVisitor>,
    needs: PhantomData<N>,
}

impl<N> ApiKey<N> {
    /// The name under which a request is remembered that names itself so. Visitors share a publishable key, and choose
    /// names as they like: each has names of their own.
    pub fn name_of<'a>(&self, request: &'a str) -> Cow<'a, str> {
        match &self.visitor {
            Some(visitor) => Cow::Owned(visitor.name_of(request)),
            None => Cow::Borrowed(request),
        }
    }

    /// The key as the one who does something.
    pub fn actor(&self) -> Actor {
        Actor { id: None, name: format!("API key “{}”", self.name), authority: Authority::ApiKey(self.id) }
    }
}

impl<N: RequiredScope> FromRequestParts<AppState> for ApiKey<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if let Some(PageCall { key, visitor }) = parts.extensions.get::<PageCall>().filter(|_| N::PUBLISHABLE).cloned()
        {
            return Ok(Self { id: key.id, name: key.name, scope: None, visitor: Some(visitor), needs: PhantomData });
        }
        let found = match bearer(&parts.headers) {
            Some(secret) => api_keys::live(&mut state.db.read().await?, &hash_token(secret)).await?,
            None => None,
        };
        let Some(key) = found else {
            let client = ClientIp::of_request(&parts.headers, &parts.extensions, &state.config.trusted_proxies);
            state.rate_limiter.network(RateLimit::WrongKey, client.0)?;
            return Err(Problem::plain(ErrorCode::Unauthorized));
        };
        state.rate_limiter.key(key.id)?;
        record_use(state, key.id);
        if key.scope < Some(N::SCOPE) {
            return Err(Problem::new(ErrorCode::Forbidden, texts().api_scope_needed(N::SCOPE.as_str())));
        }
        Ok(Self { id: key.id, name: key.name, scope: key.scope, visitor: None, needs: PhantomData })
    }
}

/// The key in `Authorization: Bearer pal_…`, or `pub_…`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let secret = secret.trim();
    let ours = [ApiKeySecret::PREFIX, PUBLISHABLE_PREFIX].iter().any(|prefix| secret.starts_with(prefix));
    (scheme.eq_ignore_ascii_case("bearer") && ours).then_some(secret)
}

/// Writes down that a key is in use, once a minute and without making anybody wait.
pub fn record_use(state: &AppState, id: ApiKeyId) {
    let now = state.clock.now();
    let minute = now.0.div_euclid(RECORD_EVERY);
    if state.api_key_uses.insert(id, minute) == Some(minute) {
        return;
    }
    let state = state.clone();
    tokio::spawn(async move {
        let recorded = async {
            let mut tx = state.db.begin().await?;
            api_keys::touch(&mut tx, id, now).await?;
            tx.commit().await
        };
        if let Err(error) = recorded.await {
            tracing::warn!(%error, "the use of an API key was not written down");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_as_a_bearer_token() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().expect("a header"));
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(of("Bearer pal_x").as_deref(), Some("pal_x"));
        assert_eq!(of("bearer  pal_x ").as_deref(), Some("pal_x"));
        assert_eq!(of("Bearer pub_x").as_deref(), Some("pub_x"));
        for wrong in ["pal_x", "Basic pal_x", "Bearer x", "Bearer"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
