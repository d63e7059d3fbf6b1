//! How a transaction ends that changes what others keep in memory or watch: the cluster is notified, events are
//! written, the transaction commits, and the caches and hubs of this instance follow.

use crate::server::{
    realtime::change_set::ChangeSet,
    store::{db::Tx, events, pg_notify},
};
use futures::future::BoxFuture;
use std::{sync::Arc, time::Duration};

/// How long to wait before what could not be read is read again.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// A cache or hub that follows what transactions change.
pub trait Subscriber: Send + Sync {
    /// Brings itself up to date. Changes may come twice.
    fn apply<'a>(&'a self, changes: &'a ChangeSet) -> BoxFuture<'a, sqlx::Result<()>>;
}

/// Commits transactions and tells everybody what they changed. Cheap to clone.
#[derive(Clone)]
pub struct Publisher {
    instance: i64,
    subscribers: Arc<[Arc<dyn Subscriber>]>,
}

impl Publisher {
    /// A publisher of this instance, which has a random name. Subscribers are told in their order.
    pub fn new(instance: i64, subscribers: impl Into<Arc<[Arc<dyn Subscriber>]>>) -> Self {
        Self { instance, subscribers: subscribers.into() }
    }

    /// Whether changes came from this instance.
    pub(super) fn is_own(&self, changes: &ChangeSet) -> bool {
        changes.from == self.instance
    }

    /// Writes the events and commits; from then on every instance knows what changed.
    pub async fn commit_and_publish(&self, mut tx: Tx, changes: &ChangeSet) -> sqlx::Result<()> {
        self.notify_cluster(&mut tx, changes).await?;
        // Nothing may come between their lock and the commit: others wait for it, and none of them for a row of this
        // one.
        events::insert(&mut tx, &changes.events).await?;
        tx.commit().await?;
        self.apply_locally(changes).await;
        Ok(())
    }

    /// Tells the other instances when the transaction commits.
    pub(super) async fn notify_cluster(&self, tx: &mut Tx, changes: &ChangeSet) -> sqlx::Result<()> {
        if matches!(tx, Tx::Sqlite(_)) || changes.is_local() {
            return Ok(());
        }
        pg_notify::notify(tx, &changes.payload(self.instance)).await
    }

    /// Brings this instance up to date. When a subscriber fails, the others are told all the same, and all of them read
    /// everything again as soon as they can.
    pub async fn apply_locally(&self, changes: &ChangeSet) {
        if !self.tell_subscribers(changes).await {
            tokio::spawn(self.clone().catch_up());
        }
    }

    async fn catch_up(self) {
        loop {
            tokio::time::sleep(RETRY_DELAY).await;
            if self.tell_subscribers(&ChangeSet::everything()).await {
                return;
            }
        }
    }

    /// Whether all of them have taken the change over.
    async fn tell_subscribers(&self, changes: &ChangeSet) -> bool {
        let mut all = true;
        for subscriber in &*self.subscribers {
            if let Err(error) = subscriber.apply(changes).await {
                tracing::error!(%error, "a change could not be taken over; everything will be read again");
                all = false;
            }
        }
        all
    }
}

/// Commits without a running server, as the command line does; running instances hear of it.
pub async fn commit_and_notify(tx: Tx, changes: &ChangeSet) -> sqlx::Result<()> {
    // No instance has the name 0: all of them listen.
    Publisher::new(0, []).commit_and_publish(tx, changes).await
}
