//! Live numbers: who watches which user's numbers, and telling them when these change.

use crate::{
    domain::ids::UserId,
    server::{
        realtime::{change_set::ChangeSet, publisher::Subscriber},
        store::{counters, db::Db},
    },
    view_models::stats::UserStats,
};
use dashmap::{DashMap, Entry};
use futures::future::BoxFuture;
use std::{collections::BTreeSet, sync::Arc};
use tokio::sync::{mpsc, watch};

/// The latest numbers of every user whom somebody watches.
pub struct UserStatsHub {
    watched: DashMap<UserId, watch::Sender<UserStats>>,
    changed: mpsc::UnboundedSender<UserId>,
}

impl UserStatsHub {
    /// A hub, and the users whose numbers changed, for [`refresh`].
    pub fn new() -> (Self, mpsc::UnboundedReceiver<UserId>) {
        let (changed, receiver) = mpsc::unbounded_channel();
        (Self { watched: DashMap::new(), changed }, receiver)
    }

    /// Watches a user's numbers; `stats` are the first ones when nobody watches them yet.
    pub fn subscribe(&self, user: UserId, stats: UserStats) -> watch::Receiver<UserStats> {
        match self.watched.entry(user) {
            Entry::Occupied(sender) => sender.get().subscribe(),
            Entry::Vacant(place) => place.insert(watch::Sender::new(stats)).subscribe(),
        }
    }

    fn mark_changed(&self, user: UserId) {
        let _ = self.changed.send(user);
    }

    fn send(&self, user: UserId, stats: UserStats) {
        if let Entry::Occupied(sender) = self.watched.entry(user) {
            if sender.get().receiver_count() == 0 {
                sender.remove();
            } else {
                sender.get().send_if_modified(|last| std::mem::replace(last, stats) != stats);
            }
        }
    }

    /// Forgets users whom nobody watches any more.
    pub fn prune(&self) {
        self.watched.retain(|_, sender| sender.receiver_count() > 0);
    }

    /// How many streams are open.
    pub fn watchers(&self) -> usize {
        self.watched.iter().map(|sender| sender.receiver_count()).sum()
    }
}

impl Subscriber for UserStatsHub {
    /// Costs nothing where nobody watches.
    fn apply<'a>(&'a self, changes: &'a ChangeSet) -> BoxFuture<'a, sqlx::Result<()>> {
        if changes.everything || changes.all_stats {
            self.watched.iter().for_each(|watched| self.mark_changed(*watched.key()));
        } else {
            let watched = changes.users.iter().filter(|user| self.watched.contains_key(user));
            watched.for_each(|user| self.mark_changed(*user));
        }
        Box::pin(async { Ok(()) })
    }
}

/// Reads changed numbers, many users in one query, and sends them to who watches.
pub async fn refresh(db: Db, hub: Arc<UserStatsHub>, mut changed: mpsc::UnboundedReceiver<UserId>) {
    let mut users = Vec::new();
    while changed.recv_many(&mut users, 1_000).await > 0 {
        let distinct: Vec<UserId> = users.drain(..).collect::<BTreeSet<_>>().into_iter().collect();
        let stats = async { counters::of_users(&mut db.read().await?, &distinct).await };
        match stats.await {
            Ok(stats) => stats.into_iter().for_each(|(user, stats)| hub.send(user, stats)),
            Err(error) => tracing::error!(%error, "live numbers could not be read"),
        }
    }
}
