//! Time as something that is handed in.

use crate::domain::time::Time;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Tells the time: the real one, or in tests one that stands where it was put.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// A clock that stands still until it is set.
    pub fn standing(at: Time) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.0))))
    }

    /// Puts a standing clock; a real one does not care.
    pub fn set(&self, to: Time) {
        if let Some(at) = &self.0 {
            at.store(to.0, Ordering::Relaxed);
        }
    }

    /// The real time, whatever the clock says: for what others have signed.
    pub fn real_now() -> Time {
        real()
    }

    pub fn now(&self) -> Time {
        match &self.0 {
            Some(at) => Time(at.load(Ordering::Relaxed)),
            None => real(),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the real time comes in")]
fn real() -> Time {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
