//! The codes in memory: following a link asks no database.

use crate::{
    domain::{
        codes::code::{Code, CodeLimits, CodeStatus},
        ids::{CodeId, JobId, UserId},
        time::Time,
    },
    server::{
        realtime::{change_set::ChangeSet, publisher::Subscriber},
        store::{
            bulk_codes,
            codes::{self, CodeRecord},
            db::Db,
        },
    },
};
use dashmap::DashMap;
use futures::future::BoxFuture;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::timeout;

/// Codes that are read at once.
const PAGE_SIZE: i64 = 10_000;

/// How long to wait before codes that could not be read are read again.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// How long a visitor waits for a code that is looked up in the database.
const LOOK_UP_TIMEOUT: Duration = Duration::from_millis(700);

/// A code could not be looked up; that is logged.
#[derive(Debug)]
pub struct LookUpFailed;

/// What following a link needs to know of a code.
#[derive(Clone, Copy, Debug)]
pub struct CachedCode {
    pub id: CodeId,
    pub referrer: Option<UserId>,
    pub limits: CodeLimits,
}

/// All codes by their text.
pub struct CodeCache {
    db: Db,
    codes: DashMap<Box<str>, CachedCode>,
    /// Whether what is not here does not exist.
    complete: AtomicBool,
}

impl CodeCache {
    /// An empty cache; until it is filled, unknown codes are looked up one by one.
    pub fn new(db: Db) -> Self {
        Self { db, codes: DashMap::new(), complete: AtomicBool::new(false) }
    }

    /// The code, if it can be used now. Once the cache is complete, unknown codes never reach the database.
    async fn find_active(&self, code: &Code, now: Time) -> Result<Option<CachedCode>, LookUpFailed> {
        if !self.complete.load(Ordering::Acquire) && !self.codes.contains_key(code.as_str()) {
            // Boxed: what is rare takes no room in the future of every visit.
            let looked_up = Box::pin(timeout(LOOK_UP_TIMEOUT, self.look_up(code))).await;
            match looked_up.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
                Ok(Some(record)) => self.insert(record),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, "a code could not be looked up");
                    return Err(LookUpFailed);
                }
            }
        }
        let cached = self.codes.get(code.as_str()).map(|code| *code);
        Ok(cached.filter(|cached| cached.limits.status(now) == CodeStatus::Active))
    }

    /// The code that a text means, if it can be used now.
    pub async fn read_active(&self, text: &str, now: Time) -> Result<Option<(Code, CachedCode)>, LookUpFailed> {
        for code in Code::readings(text) {
            if let Some(cached) = self.find_active(&code, now).await? {
                return Ok(Some((code, cached)));
            }
        }
        Ok(None)
    }

    async fn look_up(&self, code: &Code) -> sqlx::Result<Option<CodeRecord>> {
        codes::by_code(&mut self.db.read().await?, code).await
    }

    fn insert(&self, record: CodeRecord) {
        let cached = CachedCode { id: record.id, referrer: record.referrer_id, limits: record.limits() };
        self.codes.insert(record.code.into(), cached);
    }

    fn remove(&self, codes: &[String]) {
        for code in codes {
            self.codes.remove(code.as_str());
        }
    }

    /// Reads these codes again.
    async fn reload(&self, ids: &[CodeId]) -> sqlx::Result<()> {
        let records = codes::by_ids(&mut self.db.read().await?, ids).await?;
        records.into_iter().for_each(|record| self.insert(record));
        Ok(())
    }

    /// Reads the codes that a job has created, a page at a time.
    async fn load_job(&self, job: JobId) -> sqlx::Result<()> {
        let mut after = CodeId(0);
        loop {
            let page = bulk_codes::page(&mut self.db.read().await?, job, after, PAGE_SIZE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            page.into_iter().for_each(|record| self.insert(record));
        }
    }

    /// Reads all codes, a page at a time.
    async fn load_all(&self) -> sqlx::Result<()> {
        let mut after = CodeId(0);
        loop {
            let page = codes::page(&mut self.db.read().await?, after, PAGE_SIZE).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            page.into_iter().for_each(|record| self.insert(record));
        }
        self.complete.store(true, Ordering::Release);
        Ok(())
    }

    async fn follow(&self, changes: &ChangeSet) -> sqlx::Result<()> {
        self.remove(&changes.deleted_codes);
        if changes.everything {
            return self.load_all().await;
        }
        if !changes.codes.is_empty() {
            self.reload(&changes.codes).await?;
        }
        for job in &changes.bulk_jobs {
            self.load_job(*job).await?;
        }
        Ok(())
    }
}

impl Subscriber for CodeCache {
    fn apply<'a>(&'a self, changes: &'a ChangeSet) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(self.follow(changes))
    }
}

/// Fills the cache, however often it takes.
pub async fn load_at_start(cache: Arc<CodeCache>) {
    while let Err(error) = cache.load_all().await {
        tracing::error!(%error, "the codes could not be read");
        tokio::time::sleep(RETRY_DELAY).await;
    }
}
