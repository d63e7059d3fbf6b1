//! Live updates by Server-Sent Events: `GET /live`.

use crate::{
    domain::{ids::UserId, query_string::query_value},
    error::AppError,
    server::{
        auth::rate_limiter::network_key,
        context::request_context::{Identity, texts_for},
        exports::plain_error,
        queries::rewards::own_rewards,
        realtime::{
            code_updates_hub::EVERYTHING,
            live_streams::{Ended, LiveStream, StreamOwner},
        },
        state::AppState,
        store::{counters, json::json},
    },
    text::Texts,
    view_models::stats::UserStats,
};
use axum::{
    Extension,
    extract::{RawQuery, State},
    http::{Method, StatusCode},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::{Stream, StreamExt, stream};
use std::{convert::Infallible, future::ready, sync::Arc, time::Duration};
use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        watch,
    },
    time::Instant,
};
use tokio_util::sync::CancellationToken;

/// The first change goes out at once; further ones to the same user wait this long.
const INTERVAL: Duration = Duration::from_millis(250);

/// A stream ends after this long, and the browser opens a new one: so many may be left over that nobody hears any more.
const MAX_LIFETIME: Duration = Duration::from_secs(300);

/// A browser whose stream had to make room waits this long: it shall not push out another one at once.
const COME_BACK_AFTER: Duration = Duration::from_secs(60);

/// `GET /live`: the numbers and rewards of the signed-in user and the version of the settings, now and whenever they
/// change; for admins also which codes changed. `for` is who the page was made for: an old page of somebody else gets
/// nothing.
pub async fn stream_updates(
    State(state): State<AppState>,
    Extension(identity): Extension<Arc<Identity>>,
    RawQuery(query): RawQuery,
    method: Method,
) -> Response {
    let signed_in = match identity.caller.signed_in() {
        Ok(Some(signed_in)) => signed_in,
        Ok(None) => return plain_error(&AppError::SignedOut),
        Err(error) => return plain_error(&error),
    };
    let page_of = query_value(query.as_deref(), "for");
    if page_of.is_some_and(|name| name != signed_in.username) {
        return (StatusCode::FORBIDDEN, identity.texts().problem_somebody_else()).into_response();
    }
    if method == Method::HEAD {
        return StatusCode::OK.into_response();
    }
    let user = signed_in.user;
    let texts = texts_for(&state, &identity);
    let owner = StreamOwner {
        session: signed_in.session,
        user,
        admin: signed_in.admin,
        address: network_key(identity.caller.client_ip.0),
    };
    let Ok(place) = state.live_streams.begin(owner) else {
        return plain_error(&AppError::TooManyRequests { retry_after: COME_BACK_AFTER.as_secs() });
    };
    // Subscribed before reading, so that no change falls in between.
    let changes = state.user_stats.subscribe(user, UserStats::default());
    let now = async { counters::of_user(&mut state.db.read().await?, user).await };
    let now = match now.await {
        Ok(Some(stats)) => stats,
        Ok(None) => return plain_error(&AppError::SignedOut),
        Err(error) => return plain_error(&error.into()),
    };
    let codes = signed_in.admin.then(|| code_frames(state.code_updates.subscribe()).boxed());
    let all = [
        stats_frames(now, changes).boxed(),
        settings_frames(state.settings.version()).boxed(),
        reward_frames(state.clone(), user, texts).boxed(),
    ];
    let news = stream::select_all(all.into_iter().chain(codes)).map(Some);
    let end = last_frames(place, state.shutdown.clone()).boxed();
    let stream = stream::select(news, end).scan((), |(), frame| ready(frame));
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(20));
    ([("x-accel-buffering", "no")], Sse::new(stream).keep_alive(keep_alive)).into_response()
}

/// What ends a stream: nothing, when it is time, after what there is to say then.
fn last_frames(
    mut place: LiveStream,
    shutdown: CancellationToken,
) -> impl Stream<Item = Option<Result<Event, Infallible>>> {
    let ended = async move {
        tokio::select! {
            why = place.ended() => Some(why),
            () = shutdown.cancelled_owned() => None,
            () = tokio::time::sleep(MAX_LIFETIME) => None,
        }
    };
    stream::once(ended).flat_map(|why| {
        let farewell = (why == Some(Ended::Displaced)).then(|| Some(Ok(Event::default().retry(COME_BACK_AFTER))));
        stream::iter(farewell.into_iter().chain([None]))
    })
}

/// The current numbers, then each change, no closer together than the interval.
fn stats_frames(now: UserStats, changes: watch::Receiver<UserStats>) -> impl Stream<Item = Result<Event, Infallible>> {
    let first = stream::iter([Ok(stats_frame(&now))]);
    let rest = stream::unfold((changes, Instant::now(), now), |(mut changes, mut ready, mut shown)| async move {
        loop {
            changes.changed().await.ok()?;
            tokio::time::sleep_until(ready).await;
            let stats = *changes.borrow_and_update();
            if stats != shown {
                ready = Instant::now() + INTERVAL;
                shown = stats;
                return Some((Ok(stats_frame(&stats)), (changes, ready, shown)));
            }
        }
    });
    first.chain(rest)
}

/// The version of the program's settings, now and whenever they change.
fn settings_frames(mut version: watch::Receiver<Arc<str>>) -> impl Stream<Item = Result<Event, Infallible>> {
    version.mark_changed();
    stream::unfold(version, |mut version| async move {
        version.changed().await.ok()?;
        let news = serde_json::json!({ "version": **version.borrow_and_update() });
        let frame = Event::default().event("settings").data(news.to_string());
        Some((Ok(frame), version))
    })
}

/// The user's rewards, now and after each change, no closer together than the interval.
fn reward_frames(state: AppState, user: UserId, texts: Texts) -> impl Stream<Item = Result<Event, Infallible>> {
    let mut changes = state.rewards.subscribe(user);
    changes.mark_changed();
    stream::unfold((state, texts, changes, Instant::now()), move |(state, texts, mut changes, ready)| async move {
        loop {
            changes.changed().await.ok()?;
            tokio::time::sleep_until(ready).await;
            changes.borrow_and_update();
            match own_rewards::run(&state, user, &texts).await {
                Ok(cards) => {
                    let frame = Event::default().event("rewards").data(json(&cards));
                    return Some((Ok(frame), (state, texts, changes, Instant::now() + INTERVAL)));
                }
                // The next change tells all.
                Err(error) => tracing::error!(?error, "live rewards could not be read"),
            }
        }
    })
}

fn stats_frame(stats: &UserStats) -> Event {
    Event::default().event("stats").retry(Duration::from_secs(1)).data(json(stats))
}

/// Ids of changed codes as JSON: to look at everything now, then which changed.
fn code_frames(messages: broadcast::Receiver<Arc<str>>) -> impl Stream<Item = Result<Event, Infallible>> {
    let frame = |ids: &str| Event::default().event("codes").data(ids);
    let first = stream::iter([Ok(frame(EVERYTHING))]);
    first.chain(stream::unfold(messages, move |mut messages| async move {
        match messages.recv().await {
            Ok(ids) => Some((Ok(frame(&ids)), messages)),
            Err(RecvError::Lagged(_)) => Some((Ok(frame(EVERYTHING)), messages)),
            Err(RecvError::Closed) => None,
        }
    }))
}
