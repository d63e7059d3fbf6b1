//! What changed, for this instance and the others: memory of codes, settings and live numbers follow.

use super::{
    Failure,
    state::Server,
    store::{Db, Tx, notices},
};
use crate::domain::ids::{CodeId, JobId, UserId};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgListener;
use std::{
    collections::BTreeSet,
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// The other instances are told of clicks no more often than this: who watches sees them within a tenth of a second,
/// and hundreds of batches in a second are one notice each time.
const PACE: Duration = Duration::from_millis(25);

/// PostgreSQL carries at most 8,000 bytes in one notice.
const MAX_BYTES: usize = 7_900;

/// What a transaction changed that others keep in memory or watch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// The instance that it happened on.
    pub from: i64,
    /// Whose numbers moved.
    pub users: Vec<UserId>,
    /// Which codes were clicked.
    pub clicked: Vec<CodeId>,
    /// More numbers moved than can be listed: users and clicked codes are left out.
    pub numbers: bool,
    /// Which codes are new or can be used differently now.
    pub codes: Vec<CodeId>,
    /// Jobs whose codes can be used from now on.
    pub jobs: Vec<JobId>,
    /// Codes that are no more.
    pub gone: Vec<String>,
    /// Whether settings of the program changed.
    pub program: bool,
    /// Too much changed to list: look at everything again.
    pub all: bool,
}

impl Change {
    pub fn of_users(users: Vec<UserId>) -> Self {
        Self { users, ..Self::default() }
    }

    /// More than can be told one by one.
    pub fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }
}

/// Tells the other instances about `change` when the transaction commits. Afterwards call [`apply`] for this one.
pub async fn announce(tx: &mut Tx, instance: i64, change: &Change) -> sqlx::Result<()> {
    let quiet = Change { gone: vec![], ..change.clone() } == Change::default();
    if matches!(tx, Tx::Sqlite(_)) || quiet {
        return Ok(());
    }
    notices::notify(tx, &notice(instance, change)).await
}

/// The change as a notice, with no more than fits into one. Numbers are left out first: to look at the watched ones
/// again is cheap, to read all codes again is not.
fn notice(instance: i64, change: &Change) -> String {
    let change = Change { from: instance, ..change.clone() };
    let full = super::store::json(&change);
    if full.len() <= MAX_BYTES {
        return full;
    }
    let (from, program) = (change.from, change.program);
    let shorter = super::store::json(&Change { users: vec![], clicked: vec![], numbers: true, ..change });
    if shorter.len() <= MAX_BYTES {
        return shorter;
    }
    super::store::json(&Change { from, all: true, program, ..Change::default() })
}

/// What clicks have moved and the other instances have not been told yet.
#[derive(Default)]
pub struct Clicked {
    untold: Mutex<(BTreeSet<UserId>, BTreeSet<CodeId>)>,
    news: Notify,
}

impl Clicked {
    fn take(&self) -> Change {
        let (users, codes) = mem::take(&mut *self.untold.lock().unwrap_or_else(PoisonError::into_inner));
        Change { users: users.into_iter().collect(), clicked: codes.into_iter().collect(), ..Change::default() }
    }
}

/// Shows what a batch of clicks has moved: here at once, elsewhere soon.
pub async fn clicked(server: &Server, users: BTreeSet<UserId>, codes: BTreeSet<CodeId>) {
    let change = Change {
        users: users.iter().copied().collect(),
        clicked: codes.iter().copied().collect(),
        ..Change::default()
    };
    apply(server, &change).await;
    if matches!(server.db, Db::Postgres { .. }) {
        let mut untold = server.clicked.untold.lock().unwrap_or_else(PoisonError::into_inner);
        untold.0.extend(users);
        untold.1.extend(codes);
        server.clicked.news.notify_one();
    }
}

/// Tells the other instances what clicks have moved: the first news at once, then no more often than the pace. News that
/// is lost with this instance is only shown later: what was counted is in the database.
pub async fn tell(server: Server) {
    loop {
        server.clicked.news.notified().await;
        let change = server.clicked.take();
        let told = async {
            let mut tx = server.db.begin().await?;
            announce(&mut tx, server.instance, &change).await?;
            tx.commit().await
        };
        if let Err(error) = told.await {
            tracing::warn!(%error, "other instances were not told of clicks");
        }
        tokio::time::sleep(PACE).await;
    }
}

/// Brings what this instance keeps in memory up to date, and shows watchers the new numbers.
pub async fn apply(server: &Server, change: &Change) {
    let result = async {
        if change.program || change.all {
            server.program.reload(&server.db).await?;
        }
        server.book.forget(&change.gone);
        if change.all {
            server.book.fill(&server.db).await?;
        } else if !change.codes.is_empty() {
            server.book.reload(&server.db, &change.codes).await?;
        }
        for job in change.jobs.iter().filter(|_| !change.all) {
            server.book.take_over(&server.db, *job).await?;
        }
        Ok::<_, sqlx::Error>(())
    };
    if let Err(error) = result.await {
        tracing::error!(%error, "a change could not be taken over");
    }
    if change.all {
        server.live.all_changed();
        server.moved.everything();
    } else if change.numbers {
        server.live.all_changed();
        server.moved.tell_everything();
    } else {
        server.live.changed(&change.users);
        server.moved.codes(&change.clicked);
    }
    if !change.jobs.is_empty() {
        server.moved.everything();
    }
    server.moved.codes(&change.codes);
}

/// Follows what other instances announce, on PostgreSQL; after a lost connection looks at everything again.
pub async fn listen(server: Server) {
    let Db::Postgres { pool, .. } = server.db.clone() else { return };
    loop {
        let listening: Result<(), Failure> = async {
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.listen(notices::CHANNEL).await?;
            apply(&server, &Change::everything()).await;
            // `None` means that the connection was lost: notices may have been missed.
            while let Some(notice) = listener.try_recv().await? {
                match serde_json::from_str::<Change>(notice.payload()) {
                    Ok(change) if change.from == server.instance => {}
                    Ok(change) => apply(&server, &change).await,
                    Err(error) => tracing::warn!(%error, "a notice could not be read"),
                }
            }
            Ok(())
        }
        .await;
        if let Err(error) = listening {
            tracing::warn!(%error, "other instances cannot be heard");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_fits_and_keeps_what_matters_most() {
        let read = |change: &Change| {
            let text = notice(1, change);
            assert!(text.len() <= MAX_BYTES);
            serde_json::from_str::<Change>(&text).expect("a change")
        };
        let many = |n: i64| (1_000_000..1_000_000 + n).collect::<Vec<_>>();
        let small = Change { from: 1, users: vec![UserId(2)], clicked: vec![CodeId(3)], ..Change::default() };
        assert_eq!(read(&small), small);
        let users = many(1_000).into_iter().map(UserId).collect();
        let crowd = Change { from: 1, users, codes: vec![CodeId(3)], ..Change::default() };
        assert_eq!(read(&crowd), Change { from: 1, numbers: true, codes: vec![CodeId(3)], ..Change::default() });
        let codes = many(1_000).into_iter().map(CodeId).collect();
        assert_eq!(
            read(&Change { from: 1, codes, ..Change::default() }),
            Change { from: 1, all: true, ..Change::default() }
        );
    }
}
