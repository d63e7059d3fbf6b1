//! Live numbers: "something changed, for these people" becomes a frame on their open pages.

use super::{auth::Caller, links::query_value, state::Server, store::counters};
use crate::{
    domain::{ids::UserId, stats::Stats},
    error::AppError,
};
use axum::{
    Extension,
    extract::{RawQuery, State},
    http::StatusCode,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use dashmap::{DashMap, Entry};
use futures::{Stream, StreamExt, stream};
use std::{collections::BTreeSet, convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};

/// The first change goes out at once; further ones of the same audience wait this long.
const PACE: Duration = Duration::from_millis(250);

/// A stream ends after this long; the browser opens a new one and is asked anew who it is.
const LIFE: Duration = Duration::from_secs(300);

/// Who watches which numbers.
pub struct Live {
    audiences: DashMap<UserId, watch::Sender<Stats>>,
    dirty: mpsc::UnboundedSender<UserId>,
}

impl Live {
    /// The second part is for [`refresh`].
    pub fn new() -> (Self, mpsc::UnboundedReceiver<UserId>) {
        let (dirty, inbox) = mpsc::unbounded_channel();
        (Self { audiences: DashMap::new(), dirty }, inbox)
    }

    /// The numbers of these users have changed. Costs nothing where nobody watches.
    pub fn changed(&self, users: &[UserId]) {
        for user in users.iter().filter(|user| self.audiences.contains_key(user)) {
            let _ = self.dirty.send(*user);
        }
    }

    /// Anything may have changed.
    pub fn all_changed(&self) {
        for audience in &self.audiences {
            let _ = self.dirty.send(*audience.key());
        }
    }

    fn join(&self, user: UserId, stats: Stats) -> watch::Receiver<Stats> {
        match self.audiences.entry(user) {
            Entry::Occupied(audience) => audience.get().subscribe(),
            Entry::Vacant(place) => place.insert(watch::Sender::new(stats)).subscribe(),
        }
    }

    fn publish(&self, user: UserId, stats: Stats) {
        if let Entry::Occupied(audience) = self.audiences.entry(user) {
            if audience.get().receiver_count() == 0 {
                audience.remove();
            } else {
                audience.get().send_if_modified(|last| std::mem::replace(last, stats) != stats);
            }
        }
    }

    /// Forgets audiences that everybody has left.
    pub fn prune(&self) {
        self.audiences.retain(|_, audience| audience.receiver_count() > 0);
    }

    /// How many streams are open.
    pub fn watchers(&self) -> usize {
        self.audiences.iter().map(|audience| audience.receiver_count()).sum()
    }
}

/// Reads changed numbers, many users in one query, and shows them to who watches.
pub async fn refresh(server: Server, mut dirty: mpsc::UnboundedReceiver<UserId>) {
    let mut users = Vec::new();
    while dirty.recv_many(&mut users, 1_000).await > 0 {
        let distinct: Vec<UserId> = users.drain(..).collect::<BTreeSet<_>>().into_iter().collect();
        let stats = async { counters::of_users(&mut server.db.read().await?, &distinct).await };
        match stats.await {
            Ok(stats) => stats.into_iter().for_each(|(user, stats)| server.live.publish(user, stats)),
            Err(error) => tracing::error!(%error, "live numbers could not be read"),
        }
    }
}

/// `GET /live`: the numbers of the signed-in user and the version of the settings, now and whenever they change; for
/// admins also which codes moved. `for` is who the page was made for: an old page of somebody else gets nothing.
pub async fn watch(
    State(server): State<Server>,
    Extension(caller): Extension<Arc<Caller>>,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(signed_in) = &caller.signed_in else {
        return (StatusCode::UNAUTHORIZED, AppError::SignedOut.to_string()).into_response();
    };
    let wanted = query_value(query.as_deref(), "for");
    if wanted.is_some_and(|name| name != signed_in.username) {
        return (StatusCode::FORBIDDEN, "Somebody else is signed in now.").into_response();
    }
    let user = signed_in.user;
    // Joined before reading, so that no change falls in between.
    let frames = server.live.join(user, Stats::default());
    let now = async { counters::of_user(&mut server.db.read().await?, user).await };
    let now = match now.await {
        Ok(Some(stats)) => stats,
        Ok(None) => return StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => {
            let error = AppError::from(error);
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            return (status, error.to_string()).into_response();
        }
    };
    let stop = server.stopping.clone().cancelled_owned();
    let codes = signed_in.admin.then(|| server.moved.frames().boxed());
    let all = [frames_of(now, frames).boxed(), settings(server.program.version()).boxed()];
    let stream = stream::select_all(all.into_iter().chain(codes)).take_until(async move {
        tokio::select! { () = stop => {}, () = tokio::time::sleep(LIFE) => {} }
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(20));
    ([("x-accel-buffering", "no")], Sse::new(stream).keep_alive(keep_alive)).into_response()
}

/// The current numbers, then each change, no closer together than the pace.
fn frames_of(now: Stats, frames: watch::Receiver<Stats>) -> impl Stream<Item = Result<Event, Infallible>> {
    let first = stream::iter([Ok(frame(&now))]);
    let rest = stream::unfold((frames, Instant::now(), now), |(mut frames, mut ready, mut shown)| async move {
        loop {
            frames.changed().await.ok()?;
            tokio::time::sleep_until(ready).await;
            let stats = *frames.borrow_and_update();
            if stats != shown {
                ready = Instant::now() + PACE;
                shown = stats;
                return Some((Ok(frame(&stats)), (frames, ready, shown)));
            }
        }
    });
    first.chain(rest)
}

/// The version of the program's settings, now and whenever they change.
fn settings(mut version: watch::Receiver<Arc<str>>) -> impl Stream<Item = Result<Event, Infallible>> {
    version.mark_changed();
    stream::unfold(version, |mut version| async move {
        version.changed().await.ok()?;
        let news = serde_json::json!({ "version": **version.borrow_and_update() });
        let frame = Event::default().event("settings").data(news.to_string());
        Some((Ok(frame), version))
    })
}

fn frame(stats: &Stats) -> Event {
    Event::default().event("stats").retry(Duration::from_secs(1)).data(super::store::json(stats))
}
