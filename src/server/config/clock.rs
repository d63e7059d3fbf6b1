//! Time as something that is handed in.

use crate::domain::time::Time;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Tells the time: the real one, moved ahead where that is allowed (`TEST_CLOCK`), or in tests one that stands where it
/// was put. Its clones tell the same time.
#[derive(Clone, Debug)]
pub enum Clock {
    Real { ahead: Arc<AtomicI64> },
    Standing(Arc<AtomicI64>),
}

impl Default for Clock {
    fn default() -> Self {
        Self::Real { ahead: Arc::default() }
    }
}

impl Clock {
    /// A clock that stands still until it is set.
    pub fn standing(at: Time) -> Self {
        Self::Standing(Arc::new(AtomicI64::new(at.0)))
    }

    /// Puts a standing clock; a real one does not care.
    pub fn set(&self, to: Time) {
        if let Self::Standing(at) = self {
            at.store(to.0, Ordering::Relaxed);
        }
    }

    /// Moves the time forward, for everybody who goes by this clock. By 0 at least.
    pub fn advance(&self, millis: i64) {
        let (Self::Real { ahead: moved } | Self::Standing(moved)) = self;
        moved.fetch_add(millis.max(0), Ordering::Relaxed);
    }

    pub fn now(&self) -> Time {
        match self {
            Self::Real { ahead } => real().plus(ahead.load(Ordering::Relaxed)),
            Self::Standing(at) => Time(at.load(Ordering::Relaxed)),
        }
    }

    /// The real time, whatever any clock says: for what others have signed.
    pub fn real_now() -> Time {
        real()
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the real time comes in")]
fn real() -> Time {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{DAY, MINUTE};

    #[test]
    fn a_clock_goes_on_from_where_it_was_moved_to() {
        let clock = Clock::default();
        assert!(clock.now().since(Clock::real_now()).abs() < MINUTE);
        clock.clone().advance(3 * DAY);
        clock.advance(-DAY);
        assert!((clock.now().since(Clock::real_now()) - 3 * DAY).abs() < MINUTE);
        let standing = Clock::standing(Time(5));
        standing.advance(7);
        assert_eq!(standing.now(), Time(12));
        standing.set(Time(6));
        assert_eq!(standing.now(), Time(6));
    }
}
