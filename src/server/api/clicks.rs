//! Clicks that the host product has seen: recorded like visits by a link.

use super::{
    bodies::user::{ClickBody, NewClick},
    key::{ApiKey, Write},
    once::{Posted, Turn},
    problem::{Code as Problems, Problem},
};
use crate::{
    domain::code::{Code, CodeProblem},
    error::AppError,
    server::{
        auth::Origin,
        clicks::{book::Entry, visit::Visit},
        state::Server,
        store::codes,
    },
};
use axum::{extract::State, http::StatusCode, response::Response};
use std::net::IpAddr;

/// Record a visit
///
/// Counted like following a link: once per visitor, code and hour, and not for bots. It is durable when the answer
/// comes.
#[utoipa::path(post, path = "/clicks", tag = "clicks", request_body = NewClick, security(("key" = ["write"])),
    responses((status = 201, description = "The visit", body = ClickBody)))]
pub async fn create(
    key: ApiKey<Write>,
    State(server): State<Server>,
    post: Posted<NewClick>,
) -> Result<Response, Problem> {
    let outside = match post.begin_reading(&server, &key).await? {
        Turn::Before(answer) => return Ok(answer),
        Turn::Now(work) => work.outside().await?,
    };
    match record(&server, &post.body).await {
        Ok(body) => outside.done(&server, StatusCode::CREATED, &body).await,
        Err(problem) => Err(outside.failed(&server, problem).await),
    }
}

async fn record(server: &Server, new: &NewClick) -> Result<ClickBody, Problem> {
    for (field, value, most) in
        [("channel", &new.channel, 50), ("user_agent", &new.user_agent, 2_000), ("referrer", &new.referrer, 2_000)]
    {
        if value.as_ref().is_some_and(|text| text.chars().count() > most) {
            return Err(Problem::invalid(field, format!("Please send {most} characters at most.")));
        }
    }
    let ip: Option<IpAddr> = match &new.ip {
        Some(ip) => {
            Some(ip.trim().parse().map_err(|_| Problem::invalid("ip", "Please send an IPv4 or IPv6 address."))?)
        }
        None => None,
    };
    let entry = usable(server, &new.code).await?;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let visit = Visit::told(server, ip.map(Origin), &text(&new.user_agent), &text(&new.referrer), &text(&new.channel));
    let recorded = visit.record(server, entry).await;
    if !recorded.durable {
        return Err(Problem::plain(Problems::Unavailable).after(1));
    }
    let suspicion = recorded.suspicion.map(|suspicion| suspicion.as_str().to_owned());
    Ok(ClickBody { click_id: recorded.click.to_string(), suspicion })
}

/// The code, or why it cannot be clicked. Looked up in memory, as for links.
async fn usable(server: &Server, text: &str) -> Result<Entry, Problem> {
    if !server.program.get().referral_codes_enabled {
        return Err(Problem::plain(Problems::ProgramDisabled));
    }
    let unknown = || Problem::plain(Problems::CodeNotFound);
    let code = Code::parse(text).ok_or_else(unknown)?;
    if let Some(entry) = server.book.usable(&server.db, &code, server.clock.now()).await {
        return Ok(entry);
    }
    let record = codes::by_code(&mut server.db.read().await?, &code).await?.ok_or_else(unknown)?;
    match CodeProblem::of(record.limits().status(server.clock.now())) {
        Some(problem) => Err(AppError::BadCode(problem).into()),
        // It became usable this very moment.
        None => Ok(Entry { id: record.id, referrer: record.referrer_id, limits: record.limits() }),
    }
}
