//! Who calls the API: a key with scopes. It stands in the signature of every route.

use super::problem::{Code, Problem};
use crate::{
    domain::{
        api_key::{Scope, Secret},
        ids::ApiKeyId,
    },
    server::{
        actions::record::Actor,
        auth::{Origin, hash_token},
        limits::Attempt,
        state::Server,
        store::api_keys,
    },
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use std::marker::PhantomData;

/// How often it is written down that a key is in use, in milliseconds.
const EVERY: i64 = 60_000;

/// What a route needs.
pub trait Needs: Send + Sync + 'static {
    const SCOPE: Scope;
}

/// Looks at things.
pub struct Read;

/// Makes and changes codes, users and clicks.
pub struct Write;

/// Changes settings and erases people.
pub struct Admin;

impl Needs for Read {
    const SCOPE: Scope = Scope::Read;
}

impl Needs for Write {
    const SCOPE: Scope = Scope::Write;
}

impl Needs for Admin {
    const SCOPE: Scope = Scope::Admin;
}

/// A caller whose key has the scope that the route needs.
pub struct ApiKey<N> {
    pub id: ApiKeyId,
    pub name: String,
    pub scope: Scope,
    needs: PhantomData<N>,
}

impl<N> ApiKey<N> {
    /// The key as the one who does something.
    pub fn actor(&self) -> Actor {
        Actor { id: None, name: format!("API key “{}”", self.name) }
    }
}

impl<N: Needs> FromRequestParts<Server> for ApiKey<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let found = match bearer(&parts.headers) {
            Some(secret) => api_keys::live(&mut server.db.read().await?, &hash_token(secret)).await?,
            None => None,
        };
        let Some((key, scope)) = found.and_then(|key| Scope::parse(&key.scope).map(|scope| (key, scope))) else {
            let origin = Origin::of_request(server, &parts.headers, &parts.extensions);
            server.limits.network(Attempt::WrongKey, origin.0)?;
            return Err(Problem::plain(Code::Unauthorized));
        };
        server.limits.key(key.id)?;
        note_use(server, key.id);
        if scope < N::SCOPE {
            let needed = N::SCOPE.as_str();
            return Err(Problem::new(Code::Forbidden, format!("This needs a key with the scope “{needed}”.")));
        }
        Ok(Self { id: key.id, name: key.name, scope, needs: PhantomData })
    }
}

/// The key in `Authorization: Bearer pal_…`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && secret.starts_with(Secret::PREFIX)).then_some(secret)
}

/// Writes down that a key is in use, once a minute and without making anybody wait.
fn note_use(server: &Server, id: ApiKeyId) {
    let now = server.clock.now();
    let minute = now.0.div_euclid(EVERY);
    if server.keys_in_use.insert(id, minute) == Some(minute) {
        return;
    }
    let server = server.clone();
    tokio::spawn(async move {
        let noted = async {
            let mut tx = server.db.begin().await?;
            api_keys::touch(&mut tx, id, now).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
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
        for wrong in ["pal_x", "Basic pal_x", "Bearer x", "Bearer"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
