//! Telling what clicks changed: here at once, to the other instances together.

use crate::{
    domain::ids::{CodeId, UserId},
    server::{
        realtime::{change_set::ChangeSet, publisher::Publisher},
        store::db::Db,
    },
};
use std::{
    collections::BTreeSet,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// The other instances are told of clicks no more often than this: who watches sees them within a tenth of a second,
/// and hundreds of batches in a second are one notification each time.
const INTERVAL: Duration = Duration::from_millis(25);

/// What clicks have changed and the other instances have not been told yet.
#[derive(Default)]
pub struct PendingClickNotices {
    pending: Mutex<(BTreeSet<UserId>, BTreeSet<CodeId>)>,
    added: Notify,
}

impl PendingClickNotices {
    fn add(&self, changes: &ChangeSet) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.0.extend(&changes.users);
        pending.1.extend(&changes.clicked_codes);
        self.added.notify_one();
    }

    fn take(&self) -> ChangeSet {
        let (users, codes) = mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        ChangeSet {
            users: users.into_iter().collect(),
            clicked_codes: codes.into_iter().collect(),
            ..ChangeSet::default()
        }
    }

    /// Shows what a committed batch of clicks has changed: here at once, elsewhere soon.
    pub async fn publish(&self, db: &Db, publisher: &Publisher, users: BTreeSet<UserId>, codes: BTreeSet<CodeId>) {
        let changes = ChangeSet {
            users: users.into_iter().collect(),
            clicked_codes: codes.into_iter().collect(),
            ..ChangeSet::default()
        };
        publisher.apply_locally(&changes).await;
        if matches!(db, Db::Postgres { .. }) {
            self.add(&changes);
        }
    }
}

/// Tells the other instances what clicks have changed: the first at once, then no more often than the interval. What is
/// lost with this instance is only shown later: what was counted is in the database.
pub async fn flush_click_notices(db: Db, publisher: Publisher, notices: Arc<PendingClickNotices>) {
    loop {
        notices.added.notified().await;
        let changes = notices.take();
        let told = async {
            let mut tx = db.begin().await?;
            publisher.notify_cluster(&mut tx, &changes).await?;
            tx.commit().await
        };
        if let Err(error) = told.await {
            tracing::warn!(%error, "other instances were not told of clicks");
        }
        tokio::time::sleep(INTERVAL).await;
    }
}
