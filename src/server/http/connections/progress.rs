//! What a connection is doing, and since when; how long that may take.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// How long clients are waited for.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// From the beginning of a connection to the end of the first request's headers.
    pub first_headers: Duration,
    /// From the end of an answer to the end of the next request's headers.
    pub idle: Duration,
    /// From the end of a request's headers to the end of its body.
    pub body: Duration,
    /// Until a client takes more of an answer.
    pub write: Duration,
    /// Until a client hangs up after the last answer.
    pub linger: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            first_headers: Duration::from_secs(15),
            idle: Duration::from_secs(60),
            body: Duration::from_secs(30),
            write: Duration::from_secs(60),
            linger: Duration::from_secs(2),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing has been asked yet.
    New,
    /// A request is read, worked at or answered.
    Busy,
    /// The last answer has been given.
    Idle,
    /// Nothing more is answered; the client is to hang up.
    Closing,
    /// It ends now.
    Closed,
}

struct Doing {
    phase: Phase,
    since: Instant,
    /// Since when the client takes no more of an answer.
    blocked: Option<Instant>,
}

/// The progress of one connection.
pub struct Progress {
    pub timeouts: Timeouts,
    doing: Mutex<Doing>,
    /// Whether bytes that are written belong to the answer of a request.
    answering: AtomicBool,
    hurried: Notify,
}

impl Progress {
    /// A connection that begins now.
    pub fn new(timeouts: Timeouts) -> Self {
        let doing = Doing { phase: Phase::New, since: Instant::now(), blocked: None };
        Self { timeouts, doing: Mutex::new(doing), answering: AtomicBool::new(false), hurried: Notify::new() }
    }

    fn doing(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The headers of a request are complete.
    pub fn begin_request(&self) {
        self.doing().phase = Phase::Busy;
        self.answering.store(true, Ordering::Relaxed);
    }

    /// Whether bytes that are written belong to the answer of a request.
    pub fn is_answering(&self) -> bool {
        self.answering.load(Ordering::Relaxed)
    }

    /// All bytes that were written are on their way.
    pub fn flushed(&self) {
        if self.is_answering() && self.doing().phase != Phase::Busy {
            self.answering.store(false, Ordering::Relaxed);
        }
    }

    /// The last of an answer is on its way.
    pub fn end_answer(&self) {
        self.enter(Phase::Idle);
    }

    /// Nothing more will be answered.
    pub fn begin_closing(&self) {
        self.enter(Phase::Closing);
        self.hurried.notify_one();
    }

    /// Ends the connection.
    pub fn close(&self) {
        self.enter(Phase::Closed);
        self.hurried.notify_one();
    }

    fn enter(&self, phase: Phase) {
        let mut doing = self.doing();
        (doing.phase, doing.since) = (phase, Instant::now());
    }

    /// The client takes no more of an answer, or takes some again.
    pub fn set_blocked(&self, blocked: bool) {
        let (mut doing, now) = (self.doing(), Instant::now());
        doing.blocked = blocked.then_some(now);
        if doing.phase == Phase::Idle {
            // What was left of the answer has been taken only now.
            doing.since = now;
        }
    }

    /// Since when there is nothing to do but to wait; nothing while a request is at work or its answer is not taken
    /// yet.
    pub fn waiting_since(&self) -> Option<Instant> {
        let doing = self.doing();
        (doing.phase != Phase::Busy && doing.blocked.is_none()).then_some(doing.since)
    }

    /// Until when to wait for the client, as things stand; nothing while it is the server's turn.
    fn deadline(&self) -> Option<Instant> {
        let doing = self.doing();
        if let Some(blocked) = doing.blocked
            && matches!(doing.phase, Phase::Busy | Phase::Idle)
        {
            return Some(blocked + self.timeouts.write);
        }
        let patience = match doing.phase {
            Phase::New => self.timeouts.first_headers,
            Phase::Idle => self.timeouts.idle,
            Phase::Closing => self.timeouts.linger,
            Phase::Closed => Duration::ZERO,
            Phase::Busy => return None,
        };
        Some(doing.since + patience)
    }

    /// Resolves when the connection has been waited for long enough. Looks only when the time may have come: no request
    /// sets a timer.
    pub async fn overdue(&self) {
        let shortest = self.timeouts.idle.min(self.timeouts.write);
        loop {
            let (deadline, now) = (self.deadline(), Instant::now());
            if deadline.is_some_and(|deadline| deadline <= now) {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep_until(deadline.unwrap_or(now + shortest)) => {}
                () = self.hurried.notified() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_has_its_own_patience() {
        let progress = Progress::new(Timeouts::default());
        // Whole seconds from now on.
        let patience = || Some(progress.deadline()?.duration_since(Instant::now()).as_millis().div_ceil(1_000));
        assert_eq!((patience(), progress.waiting_since().is_some()), (Some(15), true));
        progress.begin_request();
        assert_eq!((patience(), progress.waiting_since()), (None, None));
        progress.end_answer();
        assert_eq!((patience(), progress.waiting_since().is_some()), (Some(60), true));
        progress.begin_request();
        progress.set_blocked(true);
        assert_eq!(patience(), Some(60));
        progress.set_blocked(false);
        assert_eq!(patience(), None);
        progress.begin_closing();
        assert_eq!((patience(), progress.waiting_since().is_some()), (Some(2), true));
        progress.close();
        assert_eq!(patience(), Some(0));
    }

    #[tokio::test]
    async fn who_is_hurried_does_not_wait() {
        let progress = Progress::new(Timeouts::default());
        let begun = Instant::now();
        tokio::join!(progress.overdue(), async { progress.close() });
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
