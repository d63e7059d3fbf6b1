//! Which codes have moved: open tables are told to look again, and the order of the table follows.

use super::{state::Server, store::json};
use crate::domain::ids::CodeId;
use axum::response::sse::Event;
use futures::{Stream, StreamExt, stream};
use std::{
    collections::HashSet,
    convert::Infallible,
    mem::take,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{
    Notify,
    broadcast::{self, error::RecvError},
};

/// Open tables are told no more often than this.
const PACE: Duration = Duration::from_millis(250);

/// Codes that are told one by one; of more, only that there were many.
const MOST: usize = 500;

/// Frames that a slow reader may lag behind before it is told to look at everything.
const LAG: usize = 16;

/// Tells to look at everything again.
const EVERYTHING: &str = "null";

/// Some codes, or all of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Codes {
    pub codes: HashSet<CodeId>,
    pub all: bool,
}

impl Codes {
    fn add(&mut self, codes: &[CodeId]) {
        self.codes.extend(codes);
    }
}

/// What has moved since it was last asked.
pub struct Moved {
    for_order: Mutex<Codes>,
    for_tables: Mutex<Codes>,
    news: Notify,
    frames: broadcast::Sender<Arc<str>>,
}

impl Default for Moved {
    fn default() -> Self {
        let (for_order, for_tables) = Default::default();
        Self { for_order, for_tables, news: Notify::new(), frames: broadcast::channel(LAG).0 }
    }
}

impl Moved {
    /// Counters or settings of these codes have changed.
    pub fn codes(&self, codes: &[CodeId]) {
        if !codes.is_empty() {
            lock(&self.for_order).add(codes);
            self.tell(codes);
        }
    }

    /// Tells open tables about these codes, whose order is right already. Costs nothing where nobody watches.
    pub fn tell(&self, codes: &[CodeId]) {
        if !codes.is_empty() && self.frames.receiver_count() > 0 {
            lock(&self.for_tables).add(codes);
            self.news.notify_one();
        }
    }

    /// Anything may have changed.
    pub fn everything(&self) {
        lock(&self.for_order).all = true;
        self.tell_everything();
    }

    /// Tells open tables that many codes moved; somebody else sees to their order.
    pub fn tell_everything(&self) {
        lock(&self.for_tables).all = true;
        self.news.notify_one();
    }

    /// What moved since the last call, for the order.
    pub fn since_ordered(&self) -> Codes {
        take(&mut *lock(&self.for_order))
    }

    /// Takes back what could not be ordered.
    pub fn again(&self, codes: &[CodeId], all: bool) {
        let mut waiting = lock(&self.for_order);
        waiting.add(codes);
        waiting.all |= all;
    }

    /// Frames for one open table: to look at everything now, then ids of codes, as JSON, no closer than the pace.
    pub fn frames(&self) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
        let first = stream::iter([Ok(frame(EVERYTHING))]);
        first.chain(stream::unfold(self.frames.subscribe(), async |mut frames| match frames.recv().await {
            Ok(ids) => Some((Ok(frame(&ids)), frames)),
            Err(RecvError::Lagged(_)) => Some((Ok(frame(EVERYTHING)), frames)),
            Err(RecvError::Closed) => None,
        }))
    }
}

/// Sends frames: the first change at once, further ones together.
pub async fn run(server: Server) {
    loop {
        server.moved.news.notified().await;
        let Codes { codes, all } = take(&mut *lock(&server.moved.for_tables));
        let ids = if all || codes.len() > MOST { EVERYTHING.to_owned() } else { json(&codes) };
        let _ = server.moved.frames.send(ids.into());
        tokio::time::sleep(PACE).await;
    }
}

fn lock(some: &Mutex<Codes>) -> MutexGuard<'_, Codes> {
    some.lock().unwrap_or_else(PoisonError::into_inner)
}

fn frame(ids: &str) -> Event {
    Event::default().event("codes").data(ids)
}
