//! Who is calling: where from, with which browser, signed in as whom.

use super::{
    clicks::{cookie::Memory, visit},
    state::Server,
    store::sessions,
};
use crate::domain::{
    ids::{SessionId, UserId},
    time::{DAY, HOUR},
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{Extensions, HeaderMap, header},
    middleware::Next,
    response::Response,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use ipnet::IpNet;
use sha2::{Digest, Sha256};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

/// How long a session lives without being used.
pub const SESSION_LIFE: i64 = 30 * DAY;

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin(pub IpAddr);

impl Origin {
    /// The client's address: the peer, or behind trusted proxies the last hop that is not one of them.
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let trusts = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip.to_canonical()));
        let mut client = peer.to_canonical();
        if !trusts(client) {
            return Self(client);
        }
        let hops: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in hops.into_iter().rev() {
            // What cannot be read was not written by a proxy of ours.
            let Ok(ip) = hop.trim().parse::<IpAddr>() else { break };
            client = ip.to_canonical();
            if !trusts(client) {
                break;
            }
        }
        Self(client)
    }

    /// The client of a request, read from what axum has put beside it.
    pub fn of_request(server: &Server, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |c| c.0.ip());
        Self::of(peer, headers, &server.settings.trusted_proxies)
    }

    /// The network that is kept instead of the address: /24 or /48.
    pub fn network(&self) -> String {
        let bits = if self.0.is_ipv4() { 24 } else { 48 };
        IpNet::new(self.0, bits).map(|net| net.trunc().to_string()).unwrap_or_default()
    }

    /// The bytes that a visitor's hash is made of.
    pub fn key(&self) -> [u8; 16] {
        match self.0 {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            IpAddr::V6(v6) => v6.octets(),
        }
    }
}

/// A signed-in user.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: SessionId,
    pub user: UserId,
    pub username: String,
    pub admin: bool,
}

/// Who calls. Made once for every request.
#[derive(Clone, Debug)]
pub struct Caller {
    pub origin: Origin,
    pub user_agent: String,
    /// What the browser's attribution cookie remembers.
    pub memory: Option<Memory>,
    pub signed_in: Option<SignedIn>,
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The name of the session cookie. On https the browser itself guards it against other hosts.
pub fn session_cookie(server: &Server) -> &'static str {
    if server.https { "__Host-passalong_session" } else { "passalong_session" }
}

/// A new token and the hash of it that is stored.
pub fn new_token(server: &Server) -> (String, Vec<u8>) {
    let token = BASE64.encode(server.chance.bytes::<32>());
    let hash = hash_token(&token);
    (token, hash)
}

/// The hash of a token, which is all that is stored of it.
pub fn hash_token(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

/// Finds out who calls, for everything behind it.
pub async fn identify(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let signed_in = match cookie(headers, session_cookie(&server)) {
        Some(token) => session(&server, token).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a session could not be looked up");
            None
        }),
        None => None,
    };
    let caller = Caller {
        origin: Origin::of_request(&server, headers, request.extensions()),
        user_agent: headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned(),
        memory: visit::memory(&server, headers),
        signed_in,
    };
    request.extensions_mut().insert(Arc::new(caller));
    next.run(request).await
}

async fn session(server: &Server, token: &str) -> sqlx::Result<Option<SignedIn>> {
    let now = server.clock.now();
    let found = sessions::live(&mut server.db.read().await?, &hash_token(token), now).await?;
    let Some(session) = found else { return Ok(None) };
    if now.since(session.seen_at) > HOUR {
        let mut tx = server.db.begin().await?;
        sessions::touch(&mut tx, session.id, now, now.plus(SESSION_LIFE)).await?;
        tx.commit().await?;
    }
    Ok(Some(SignedIn {
        session: session.id,
        user: session.user_id,
        username: session.username,
        admin: session.role == "admin",
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().expect("a header"));
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().expect("a network")).collect();
        Origin::of(peer.parse().expect("an address"), &headers, &trusted).0.to_string()
    }

    #[test]
    fn forwarded_addresses_are_believed_from_trusted_proxies_only() {
        assert_eq!(origin("192.0.2.9", &["203.0.113.5"], &[]), "192.0.2.9");
        assert_eq!(origin("10.0.0.1", &["203.0.113.5"], &["10.0.0.0/8"]), "203.0.113.5");
        assert_eq!(origin("::ffff:10.0.0.1", &["203.0.113.5"], &["10.0.0.0/8"]), "203.0.113.5");
    }

    #[test]
    fn the_last_hop_that_is_not_ours_is_the_client() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(origin("10.0.0.1", &["6.6.6.6, 203.0.113.5, 10.0.0.2"], &trusted), "203.0.113.5");
        assert_eq!(origin("10.0.0.1", &["6.6.6.6", "203.0.113.5"], &trusted), "203.0.113.5");
        assert_eq!(origin("10.0.0.1", &["6.6.6.6, nonsense, 10.0.0.2"], &trusted), "10.0.0.2");
        assert_eq!(origin("10.0.0.1", &[], &trusted), "10.0.0.1");
    }

    #[test]
    fn only_a_network_is_kept() {
        let network = |ip: &str| Origin(ip.parse().expect("an address")).network();
        assert_eq!(network("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network("2001:db8:1:2::3"), "2001:db8:1::/48");
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "xa=1; a=2;b=3".parse().expect("a header"));
        assert_eq!((cookie(&headers, "a"), cookie(&headers, "b"), cookie(&headers, "c")), (Some("2"), Some("3"), None));
    }
}
