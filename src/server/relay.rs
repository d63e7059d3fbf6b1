//! What changed, for this instance and the others: memory of codes, settings and live numbers follow.

use super::{
    Failure,
    state::Server,
    store::{Db, Tx, notices},
};
use crate::domain::ids::{CodeId, JobId, UserId};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgListener;
use std::time::Duration;

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
pub fn notice(instance: i64, change: &Change) -> String {
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
