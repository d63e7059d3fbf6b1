//! A request that may be a click: who follows a link, as far as the request tells.

use crate::{
    domain::{
        clicks::{
            channel::{PAID_AD, known_channel},
            suspicion::{RequestSignals, Suspicion, find_suspicion},
        },
        reviews::paid_ad::is_paid_ad,
        web_address::{host, written_host},
    },
    server::{
        auth::{
            client_ip::ClientIp,
            header_text::{header_text, kept_user_agent},
        },
        clicks::{attribution_cookie::AttributionCookie, automation::is_automated},
    },
};
use axum::{
    extract::Request,
    http::{HeaderMap, Method, header},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use sha2::{Digest, Sha256};

/// Where browsers say why they ask.
const PURPOSES: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

/// What is known of a visit.
pub struct ClickRequest {
    /// Where it came from, as far as that is known.
    pub client: Option<ClientIp>,
    /// As much of it as is kept.
    pub user_agent: String,
    pub cookie: Option<AttributionCookie>,
    /// Who it is, where the host product has told.
    pub visitor: Option<i64>,
    /// Whether the host product has seen it, which knows one browser from another.
    pub told_by_host: bool,
    pub suspicion: Option<Suspicion>,
    pub referring_host: Option<String>,
    pub channel: Option<&'static str>,
}

/// A visit that the host product tells of.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostVisit<'a> {
    pub client: Option<ClientIp>,
    /// Where it is left out, the host product vouches for the visitor.
    pub user_agent: Option<&'a str>,
    pub referrer: &'a str,
    pub channel: &'a str,
    /// The hash of the host product's own name of the browser.
    pub visitor: Option<i64>,
}

/// Somebody whose browser calls from a page of another site.
#[derive(Clone, Debug)]
pub struct PageVisitor {
    pub client: ClientIp,
    /// As much of it as is kept.
    user_agent: String,
    suspicion: Option<Suspicion>,
}

impl PageVisitor {
    pub fn of(client: ClientIp, headers: &HeaderMap) -> Self {
        let user_agent = header_text(headers, header::USER_AGENT);
        let (automated, purpose) = (is_automated(&user_agent), purpose(headers));
        let signals = RequestSignals { automated, purpose: &purpose, ..RequestSignals::default() };
        let suspicion = find_suspicion(signals);
        Self { client, user_agent: kept_user_agent(&user_agent).to_owned(), suspicion }
    }

    /// A name that this visitor has given to something, unlike the same one of another visitor.
    pub fn name_of(&self, name: &str) -> String {
        let hash = Sha256::new().chain_update(self.client.key()).chain_update(&self.user_agent);
        BASE64.encode(hash.chain_update([0]).chain_update(name).finalize())
    }
}

impl ClickRequest {
    /// Reads a visit by a link. `base_url` is the site's own address: it is no referring site.
    pub fn from_http(client: ClientIp, request: &Request, cookie: Option<AttributionCookie>, base_url: &str) -> Self {
        let headers = request.headers();
        let query = request.uri().query().unwrap_or_default();
        let text = |name: &'static str| header_text(headers, name);
        let user_agent = header_text(headers, header::USER_AGENT);
        let signals = RequestSignals {
            head: request.method() == Method::HEAD,
            automated: is_automated(&user_agent),
            purpose: &purpose(headers),
            fetch_dest: &text("sec-fetch-dest"),
            fetch_mode: &text("sec-fetch-mode"),
        };
        let via = query.split('&').find_map(|pair| pair.strip_prefix("via=")).unwrap_or_default();
        Self {
            client: Some(client),
            user_agent: kept_user_agent(&user_agent).to_owned(),
            cookie,
            visitor: None,
            told_by_host: false,
            suspicion: find_suspicion(signals),
            referring_host: host(&header_text(headers, header::REFERER))
                .filter(|host| written_host(base_url) != Some(host.as_str())),
            channel: if is_paid_ad(query) { Some(PAID_AD) } else { known_channel(via) },
        }
    }

    /// Reads a visit that the host product tells of.
    pub fn from_host(visit: HostVisit<'_>) -> Self {
        let HostVisit { client, user_agent, referrer, channel, visitor } = visit;
        let automated = user_agent.is_some_and(is_automated);
        Self {
            client,
            user_agent: kept_user_agent(user_agent.unwrap_or_default()).to_owned(),
            cookie: None,
            visitor,
            told_by_host: true,
            suspicion: find_suspicion(RequestSignals { automated, ..RequestSignals::default() }),
            referring_host: host(referrer),
            channel: known_channel(channel),
        }
    }

    /// Reads a visit that a page of another site tells of. Who it is, the browser says; the page only where they came
    /// from.
    pub fn from_page(visitor: &PageVisitor, referrer: &str, channel: &str) -> Self {
        Self {
            client: Some(visitor.client),
            user_agent: visitor.user_agent.clone(),
            cookie: None,
            visitor: None,
            told_by_host: false,
            suspicion: visitor.suspicion,
            referring_host: host(referrer),
            channel: known_channel(channel),
        }
    }
}

/// All that is said of the purpose: none of it hides another.
fn purpose(headers: &HeaderMap) -> String {
    let said = PURPOSES.iter().flat_map(|name| headers.get_all(*name));
    said.map(|value| String::from_utf8_lossy(value.as_bytes())).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, http::HeaderValue};
    use std::net::{IpAddr, Ipv4Addr};

    fn visit(name: header::HeaderName, value: &[u8]) -> ClickRequest {
        let mut request = Request::new(Body::empty());
        request.headers_mut().insert(name, HeaderValue::from_bytes(value).expect("a header"));
        ClickRequest::from_http(ClientIp(IpAddr::V4(Ipv4Addr::LOCALHOST)), &request, None, "https://refer.example.com")
    }

    #[test]
    fn only_the_site_itself_is_no_referring_site() {
        let referrer = |address: &str| visit(header::REFERER, address.as_bytes()).referring_host;
        assert_eq!(referrer("https://refer.example.com/signup"), None);
        assert_eq!(referrer("https://REFER.example.com:8443/"), None);
        for host in ["example.com", "fer.example.com", "www.refer.example.com", "refer.example.com.evil.example", "m"] {
            assert_eq!(referrer(&format!("https://{host}/x")).as_deref(), Some(host));
        }
    }

    #[test]
    fn headers_may_hold_any_bytes() {
        for (bytes, kept) in [("Löwe/1".as_bytes(), "Löwe/1"), (b"L\xf6we/1", "L\u{fffd}we/1")] {
            assert_eq!(visit(header::USER_AGENT, bytes).user_agent, kept);
        }
        for address in ["https://news.example/grüße".as_bytes(), b"https://news.example/gr\xfc\xdfe"] {
            assert_eq!(visit(header::REFERER, address).referring_host.as_deref(), Some("news.example"));
        }
        let bücher = visit(header::REFERER, "https://bücher.example/".as_bytes()).referring_host;
        assert_eq!(bücher.as_deref(), Some("xn--bcher-kva.example"));
    }
}
