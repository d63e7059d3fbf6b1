//! Live rewards: who watches which user's rewards, and telling them that these changed. What they are now is read by
//! whoever tells a browser.

use crate::{
    domain::ids::UserId,
    server::realtime::{change_set::ChangeSet, publisher::Subscriber},
};
use dashmap::DashMap;
use futures::future::BoxFuture;
use tokio::sync::watch;

/// How often the rewards of each user have changed whom somebody watches.
#[derive(Default)]
pub struct RewardsHub {
    watched: DashMap<UserId, watch::Sender<u64>>,
}

impl RewardsHub {
    /// Watches a user's rewards.
    pub fn subscribe(&self, user: UserId) -> watch::Receiver<u64> {
        self.watched.entry(user).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }

    /// Forgets users whom nobody watches any more.
    pub fn prune(&self) {
        self.watched.retain(|_, sender| sender.receiver_count() > 0);
    }
}

impl Subscriber for RewardsHub {
    /// Costs nothing where nobody watches.
    fn apply<'a>(&'a self, changes: &'a ChangeSet) -> BoxFuture<'a, sqlx::Result<()>> {
        let changed = |sender: &watch::Sender<u64>| sender.send_modify(|changes| *changes += 1);
        if changes.everything || changes.all_stats {
            self.watched.iter().for_each(|watched| changed(watched.value()));
        } else {
            changes.rewarded.iter().filter_map(|user| self.watched.get(user)).for_each(|watched| changed(&watched));
        }
        Box::pin(async { Ok(()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_watches_hears_of_their_own_changes() -> sqlx::Result<()> {
        let hub = RewardsHub::default();
        let (ann, bob) = (hub.subscribe(UserId(1)), hub.subscribe(UserId(2)));
        hub.apply(&ChangeSet { rewarded: vec![UserId(1), UserId(3)], ..ChangeSet::default() }).await?;
        assert_eq!((*ann.borrow(), *bob.borrow()), (1, 0));
        hub.apply(&ChangeSet::everything()).await?;
        assert_eq!((*ann.borrow(), *bob.borrow()), (2, 1));
        drop(bob);
        hub.prune();
        assert_eq!(hub.watched.len(), 1);
        Ok(())
    }
}
