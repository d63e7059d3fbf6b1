//! Telling that something happened, to whoever sends it on.

use crate::server::realtime::{change_set::ChangeSet, publisher::Subscriber};
use futures::future::BoxFuture;
use tokio::sync::watch;

/// Wakes the sender of webhooks. Events of other instances are theirs to send, or are found by looking.
#[derive(Default)]
pub struct NewEvents(watch::Sender<()>);

impl NewEvents {
    /// Tells that there may be something to send.
    pub fn wake(&self) {
        self.0.send_replace(());
    }

    /// Changes with each [`wake`](Self::wake).
    pub fn subscribe(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}

impl Subscriber for NewEvents {
    fn apply<'a>(&'a self, changes: &'a ChangeSet) -> BoxFuture<'a, sqlx::Result<()>> {
        if !changes.events.is_empty() {
            self.wake();
        }
        Box::pin(async { Ok(()) })
    }
}
