//! Who follows a link: read from the request.

use super::{
    super::{auth::Origin, state::Server, store::clicks::NewClick},
    book::Entry,
    cookie::{Memory, NAME, Touch},
};
use crate::domain::{
    channel::channel,
    ids::ClickId,
    suspicion::{self, Suspicion},
};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, Method, header},
};
use hmac::Mac;

/// Bytes of a user agent that are kept.
const USER_AGENT: usize = 255;

/// What became of a visit.
pub struct Recorded {
    /// The click, or the earlier one that this visit repeats.
    pub click: ClickId,
    /// Whether it is written down for good.
    pub durable: bool,
    /// Why it does not count, if so.
    pub suspicion: Option<Suspicion>,
    /// The browser's new memory; nothing for a visit that does not count.
    pub memory: Option<Memory>,
}

/// A request that may be a click.
pub struct Visit {
    /// Where it came from, as far as that is known.
    pub origin: Option<Origin>,
    /// As much of it as is kept.
    pub user_agent: String,
    pub memory: Option<Memory>,
    pub suspicion: Option<Suspicion>,
    pub referring_host: Option<String>,
    pub channel: Option<&'static str>,
}

impl Visit {
    /// Reads what the request tells.
    pub fn read(server: &Server, origin: Origin, request: &Request) -> Self {
        let headers = request.headers();
        let query = request.uri().query().unwrap_or_default();
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let named = |name: &'static str| text(HeaderName::from_static(name));
        let purpose = ["sec-purpose", "purpose", "x-moz"].map(named).into_iter().find(|p| !p.is_empty());
        let user_agent = text(header::USER_AGENT);
        let asked = suspicion::Request {
            head: request.method() == Method::HEAD,
            user_agent,
            purpose: purpose.unwrap_or_default(),
            fetch_dest: named("sec-fetch-dest"),
            fetch_mode: named("sec-fetch-mode"),
        };
        let via = query.split('&').find_map(|pair| pair.strip_prefix("via=")).unwrap_or_default();
        Self {
            origin: Some(origin),
            user_agent: shortened(user_agent, USER_AGENT).to_owned(),
            memory: memory(server, headers),
            suspicion: suspicion::suspicion(asked),
            referring_host: host(text(header::REFERER)).filter(|host| !server.base_url.ends_with(host.as_str())),
            channel: channel(via),
        }
    }

    /// A visit that the host product tells of. Somebody without an address is nobody whom we know.
    pub fn told(server: &Server, origin: Option<Origin>, user_agent: &str, referrer: &str, via: &str) -> Self {
        let unknown = || Memory::new(i64::from_le_bytes(server.chance.bytes()));
        Self {
            memory: origin.is_none().then(unknown),
            origin,
            user_agent: shortened(user_agent, USER_AGENT).to_owned(),
            suspicion: suspicion::suspicion(suspicion::Request { user_agent, ..suspicion::Request::default() }),
            referring_host: host(referrer),
            channel: channel(via),
        }
    }

    /// Writes the click down. Somebody who was counted for this code within the hour is only remembered.
    pub async fn record(self, server: &Server, code: Entry) -> Recorded {
        let now = server.clock.now();
        let known = self.memory.as_ref();
        let visitor = match known {
            Some(memory) => memory.visitor,
            None => self.hash(server).await,
        };
        let counted = known
            .and_then(|memory| memory.counted(code.id, now.hour()))
            .or_else(|| server.clicks.seen.counted(code.id, visitor, now.hour()));
        let suspicion = self.suspicion;
        let (click, durable) = match counted {
            Some(click) if suspicion.is_none() => (click, true),
            _ => {
                let id = server.clicks.next_id(now);
                let click = NewClick {
                    id,
                    code_id: code.id,
                    visitor,
                    network: self.origin.map(|origin| origin.network()).unwrap_or_default(),
                    user_agent: self.user_agent,
                    referring_host: self.referring_host,
                    channel: self.channel,
                    first: !known.is_some_and(|memory| memory.knows(code.id)),
                    suspicion: suspicion.map(Suspicion::as_str),
                    counts: false,
                    referrer: code.referrer,
                };
                (id, server.clicks.record(click).await)
            }
        };
        if suspicion.is_some() {
            return Recorded { click, durable, suspicion, memory: None };
        }
        let mut memory = self.memory.unwrap_or_else(|| Memory::new(i64::from_le_bytes(server.chance.bytes())));
        memory.touch(Touch { click, code: code.id, at: now });
        Recorded { click, durable, suspicion, memory: Some(memory) }
    }

    /// A browser without a cookie: a keyed hash that nobody can undo once the salt of the day is gone.
    async fn hash(&self, server: &Server) -> i64 {
        let salted = match server.clicks.salted(server, server.clock.now().day()).await {
            Ok(salted) => salted,
            Err(error) => {
                tracing::error!(%error, "no salt: a visitor counts as new");
                return i64::from_le_bytes(server.chance.bytes());
            }
        };
        let hash = salted
            .chain_update(self.origin.map(|origin| origin.key()).unwrap_or_default())
            .chain_update(&self.user_agent)
            .finalize()
            .into_bytes();
        hash.first_chunk().map_or(0, |first| i64::from_le_bytes(*first))
    }
}

/// What the browser remembers, if it brings a cookie of ours.
pub fn memory(server: &Server, headers: &HeaderMap) -> Option<Memory> {
    super::super::auth::cookie(headers, NAME).and_then(|value| Memory::open(value, &server.cookie_key))
}

/// The host of an address, in lower case and without port.
fn host(address: &str) -> Option<String> {
    let rest = address.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    let host = host.split(':').next()?.to_ascii_lowercase();
    (!host.is_empty() && host.len() <= 253).then_some(host)
}

fn shortened(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_of_a_referrer_is_kept() {
        assert_eq!(host("https://News.Example:8443/path?q=secret#x").as_deref(), Some("news.example"));
        assert_eq!(host("https://user:pass@a.example/").as_deref(), Some("a.example"));
        assert_eq!(host("about:blank"), None);
    }
}
