//! How long the writer of clicks has been at what it does.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tokio::time::Instant;

/// How long the writer has been at what it does.
pub struct WorkTime {
    start: Instant,
    /// Milliseconds from the start, plus one; 0 while it has nothing to do.
    since: AtomicU64,
}

impl Default for WorkTime {
    fn default() -> Self {
        Self { start: Instant::now(), since: AtomicU64::new(0) }
    }
}

impl WorkTime {
    /// It has something to do from now on.
    pub fn begin(&self, now: Instant) {
        self.since.store(millis(now - self.start) + 1, Ordering::Relaxed);
    }

    /// It has done it.
    pub fn end(&self) {
        self.since.store(0, Ordering::Relaxed);
    }

    /// Whether it has been longer than this.
    pub fn exceeds(&self, limit: Duration) -> bool {
        match self.since.load(Ordering::Relaxed) {
            0 => false,
            since => millis(self.start.elapsed()) > since + millis(limit),
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
