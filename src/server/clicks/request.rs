//! A request that may be a click: who follows a link, as far as the request tells.

use crate::{
    domain::{
        clicks::{
            channel::known_channel,
            suspicion::{RequestSignals, Suspicion, find_suspicion},
        },
        web_address::host,
    },
    server::{auth::client_ip::ClientIp, clicks::attribution_cookie::AttributionCookie},
};
use axum::{
    extract::Request,
    http::{HeaderName, Method, header},
};

/// Bytes of a user agent that are kept.
const MAX_USER_AGENT: usize = 255;

/// What is known of a visit.
pub struct ClickRequest {
    /// Where it came from, as far as that is known.
    pub client: Option<ClientIp>,
    /// As much of it as is kept.
    pub user_agent: String,
    pub cookie: Option<AttributionCookie>,
    pub suspicion: Option<Suspicion>,
    pub referring_host: Option<String>,
    pub channel: Option<&'static str>,
}

impl ClickRequest {
    /// Reads a visit by a link. `base_url` is the site's own address: it is no referring site.
    pub fn from_http(client: ClientIp, request: &Request, cookie: Option<AttributionCookie>, base_url: &str) -> Self {
        let headers = request.headers();
        let query = request.uri().query().unwrap_or_default();
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let named = |name: &'static str| text(HeaderName::from_static(name));
        let purpose = ["sec-purpose", "purpose", "x-moz"].map(named).into_iter().find(|p| !p.is_empty());
        let user_agent = text(header::USER_AGENT);
        let signals = RequestSignals {
            head: request.method() == Method::HEAD,
            user_agent,
            purpose: purpose.unwrap_or_default(),
            fetch_dest: named("sec-fetch-dest"),
            fetch_mode: named("sec-fetch-mode"),
        };
        let via = query.split('&').find_map(|pair| pair.strip_prefix("via=")).unwrap_or_default();
        Self {
            client: Some(client),
            user_agent: truncated(user_agent).to_owned(),
            cookie,
            suspicion: find_suspicion(signals),
            referring_host: host(text(header::REFERER)).filter(|host| !base_url.ends_with(host.as_str())),
            channel: known_channel(via),
        }
    }

    /// A visit that the host product tells of.
    pub fn from_api(client: Option<ClientIp>, user_agent: &str, referrer: &str, channel: &str) -> Self {
        Self {
            client,
            user_agent: truncated(user_agent).to_owned(),
            cookie: None,
            suspicion: find_suspicion(RequestSignals { user_agent, ..RequestSignals::default() }),
            referring_host: host(referrer),
            channel: known_channel(channel),
        }
    }
}

fn truncated(user_agent: &str) -> &str {
    &user_agent[..user_agent.floor_char_boundary(MAX_USER_AGENT)]
}
