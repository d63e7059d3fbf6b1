//! The codes in memory: following a link asks no database.

use super::super::{
    state::Server,
    store::{
        Db, bulk,
        codes::{self, CodeRecord},
    },
};
use crate::domain::{
    code::{Code, CodeStatus, Limits},
    ids::{CodeId, JobId, UserId},
    time::Time,
};
use dashmap::DashMap;
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// Codes read at once while filling.
const PAGE: i64 = 10_000;

/// What following a link needs to know of a code.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub id: CodeId,
    pub referrer: Option<UserId>,
    pub limits: Limits,
}

/// All codes by their text.
#[derive(Default)]
pub struct Book {
    entries: DashMap<Box<str>, Entry>,
    /// Whether what is not here does not exist.
    complete: AtomicBool,
}

impl Book {
    /// The code, if it can be used now. Once the book is complete, unknown codes never reach the database.
    pub async fn usable(&self, db: &Db, code: &Code, now: Time) -> Option<Entry> {
        if !self.complete.load(Ordering::Acquire) && !self.entries.contains_key(code.as_str()) {
            // Boxed: what is rare takes no room in the future of every visit.
            match Box::pin(Self::look_up(db, code)).await {
                Ok(Some(record)) => self.insert(record),
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "a code could not be looked up"),
            }
        }
        let entry = *self.entries.get(code.as_str())?;
        (entry.limits.status(now) == CodeStatus::Active).then_some(entry)
    }

    async fn look_up(db: &Db, code: &Code) -> sqlx::Result<Option<CodeRecord>> {
        codes::by_code(&mut db.read().await?, code).await
    }

    fn insert(&self, record: CodeRecord) {
        let entry = Entry { id: record.id, referrer: record.referrer_id, limits: record.limits() };
        self.entries.insert(record.code.into(), entry);
    }

    /// Takes out codes that are no more.
    pub fn forget(&self, codes: &[String]) {
        for code in codes {
            self.entries.remove(code.as_str());
        }
    }

    /// Reads these codes again.
    pub async fn reload(&self, db: &Db, ids: &[CodeId]) -> sqlx::Result<()> {
        let records = codes::by_ids(&mut db.read().await?, ids).await?;
        records.into_iter().for_each(|record| self.insert(record));
        Ok(())
    }

    /// Reads the codes that a job has made, a page at a time.
    pub async fn take_over(&self, db: &Db, job: JobId) -> sqlx::Result<()> {
        let mut after = CodeId(0);
        loop {
            let page = bulk::page(&mut db.read().await?, job, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            page.into_iter().for_each(|record| self.insert(record));
        }
    }

    /// Reads all codes, a page at a time.
    pub async fn fill(&self, db: &Db) -> sqlx::Result<()> {
        let mut after = CodeId(0);
        loop {
            let page = codes::page(&mut db.read().await?, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            page.into_iter().for_each(|record| self.insert(record));
        }
        self.complete.store(true, Ordering::Release);
        Ok(())
    }
}

/// Fills the book at start; until then unknown codes are looked up one by one.
pub async fn fill(server: Server) {
    while let Err(error) = server.book.fill(&server.db).await {
        tracing::error!(%error, "the codes could not be read");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
