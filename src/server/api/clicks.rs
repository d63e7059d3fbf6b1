//! Clicks that the host product has seen: recorded like visits by a link.

use crate::{
    domain::codes::code::CodeProblem,
    error::AppError,
    server::{
        api::{
            auth::{ApiKey, OrPage, Write},
            bodies::user::{ClickBody, NewClick},
            extract::address,
            idempotency::{Claimed, IdempotentPost},
            language::texts,
            problem::{ErrorCode, Problem},
        },
        auth::client_ip::ClientIp,
        clicks::{
            code_cache::{CachedCode, LookUpFailed},
            request::{ClickRequest, HostVisit, PageVisitor},
        },
        state::AppState,
        store::codes,
    },
};
use axum::{extract::State, http::StatusCode, response::Response};
use std::net::IpAddr;
use tokio::time::Instant;

/// Record a click
///
/// Counted like following a link: once per visitor, code and hour, and not for bots. It is durable when the answer
/// comes. 503 means that it is not known to be: it may still be counted, and sending it again with the same `ip` and
/// `user_agent` counts the visitor once.
///
/// A publishable key opens this to web pages. Then address and browser are those of the request; `ip`, `user_agent` and
/// `visitor` are passed over.
#[utoipa::path(post, operation_id = "createClick", path = "/clicks", tag = "clicks", request_body = NewClick,
    security(("key" = ["write"]), ("publishable" = [])),
    responses((status = 201, description = "The visit", body = ClickBody)))]
pub async fn create(
    key: ApiKey<OrPage<Write>>,
    State(state): State<AppState>,
    post: IdempotentPost<NewClick>,
) -> Result<Response, Problem> {
    let request = match post.begin_reading(&state, &key).await? {
        Claimed::Before(answer) => return Ok(answer),
        Claimed::Now(request) => request.detach().await?,
    };
    match record(&state, &post.body, key.visitor.as_ref()).await {
        Ok(body) => request.done(&state, StatusCode::CREATED, &body).await,
        Err(problem) => Err(request.failed(&state, problem).await),
    }
}

async fn record(state: &AppState, new: &NewClick, page: Option<&PageVisitor>) -> Result<ClickBody, Problem> {
    for (field, value, most) in [
        ("channel", &new.channel, 50),
        ("user_agent", &new.user_agent, 2_000),
        ("referrer", &new.referrer, 2_000),
        ("visitor", &new.visitor, 255),
    ] {
        if value.as_ref().is_some_and(|text| text.chars().count() > most) {
            return Err(Problem::invalid(field, texts().api_text_too_long(most)));
        }
    }
    let ip = match page {
        Some(page) => Some(page.client.0),
        None => address("ip", new.ip.as_deref())?,
    };
    let arrived = Instant::now();
    let code = active_code(state, &new.code, ip).await?;
    let visitor = new.visitor.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let (referrer, channel) = (new.referrer.as_deref().unwrap_or_default(), new.channel.as_deref().unwrap_or_default());
    let click = match page {
        Some(page) => ClickRequest::from_page(page, referrer, channel),
        None => ClickRequest::from_host(HostVisit {
            client: ip.map(ClientIp),
            user_agent: new.user_agent.as_deref(),
            referrer,
            channel,
            visitor: visitor.map(|name| state.clicks.visitor_of_host(name)),
        }),
    };
    let outcome = state.clicks.record(click, code, arrived).await;
    let Some(click) = outcome.click else { return Err(Problem::plain(ErrorCode::Unavailable).after(1)) };
    let suspicion = outcome.suspicion.map(|suspicion| suspicion.as_str().to_owned());
    Ok(ClickBody { click_id: click.to_string(), suspicion })
}

/// The code, or why it cannot be clicked. Looked up in memory, as for links.
async fn active_code(state: &AppState, text: &str, ip: Option<IpAddr>) -> Result<CachedCode, Problem> {
    if !state.settings.get().referral_codes_enabled {
        return Err(Problem::plain(ErrorCode::ProgramDisabled));
    }
    let unknown = || Problem::plain(ErrorCode::CodeNotFound);
    let found = match ip {
        Some(ip) => state.code_finder.find(ip, text, |_| false).await,
        None => state.code_cache.read_active(text, state.clock.now()).await,
    };
    if let Some((_, active)) = found.map_err(|LookUpFailed| AppError::Unavailable)? {
        return Ok(active);
    }
    if ip.is_some_and(|ip| state.code_finder.guesses.is_blocked(ip)) {
        return Err(unknown());
    }
    let record = codes::by_text(&mut state.db.read().await?, text).await?.ok_or_else(unknown)?;
    match CodeProblem::of(record.limits().status(state.clock.now())) {
        Some(problem) => Err(AppError::BadCode(problem).into()),
        // It became usable this very moment.
        None => Ok(CachedCode { id: record.id, referrer: record.referrer_id, limits: record.limits() }),
    }
}
