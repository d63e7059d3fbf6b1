//! Which codes changed, for open tables of codes: they ask for their own rows again.

use crate::{
    domain::ids::CodeId,
    server::{
        realtime::{change_set::ChangeSet, publisher::Subscriber},
        store::json::json,
    },
};
use futures::future::BoxFuture;
use std::{
    collections::HashSet,
    mem::take,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{Notify, broadcast};

/// Open tables are told no more often than this.
const INTERVAL: Duration = Duration::from_millis(250);

/// Codes that are named one by one; of more, only that there were many.
const MAX_IDS: usize = 500;

/// Messages that a slow reader may lag behind before it is told to look at everything.
const CHANNEL_SIZE: usize = 16;

/// Tells to look at everything again.
pub const EVERYTHING: &str = "null";

#[derive(Default)]
struct ChangedCodes {
    codes: HashSet<CodeId>,
    all: bool,
}

/// Codes that changed since open tables were last told, and the tables.
pub struct CodeUpdatesHub {
    changed: Mutex<ChangedCodes>,
    added: Notify,
    messages: broadcast::Sender<Arc<str>>,
}

impl Default for CodeUpdatesHub {
    fn default() -> Self {
        Self { changed: Mutex::default(), added: Notify::new(), messages: broadcast::channel(CHANNEL_SIZE).0 }
    }
}

impl CodeUpdatesHub {
    /// Messages for one open table: ids of codes as JSON, or [`EVERYTHING`].
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<str>> {
        self.messages.subscribe()
    }
}

impl Subscriber for CodeUpdatesHub {
    /// Costs nothing where nobody watches.
    fn apply<'a>(&'a self, changes: &'a ChangeSet) -> BoxFuture<'a, sqlx::Result<()>> {
        let all = changes.everything || changes.all_stats || !changes.bulk_jobs.is_empty();
        let any = all || !changes.codes.is_empty() || !changes.clicked_codes.is_empty();
        if any && self.messages.receiver_count() > 0 {
            let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
            changed.all |= all;
            changed.codes.extend(changes.codes.iter().chain(&changes.clicked_codes));
            self.added.notify_one();
        }
        Box::pin(async { Ok(()) })
    }
}

/// Sends messages until the server stops: the first change at once, further ones together.
pub async fn broadcast(hub: Arc<CodeUpdatesHub>) {
    loop {
        hub.added.notified().await;
        let ChangedCodes { codes, all } = take(&mut *hub.changed.lock().unwrap_or_else(PoisonError::into_inner));
        let ids = if all || codes.len() > MAX_IDS { EVERYTHING.to_owned() } else { json(&codes) };
        let _ = hub.messages.send(ids.into());
        tokio::time::sleep(INTERVAL).await;
    }
}
