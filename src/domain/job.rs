//! Work that goes on in the background: what it has to know, and when it is tried again.

use crate::domain::time::{HOUR, SECOND};
use serde::{Serialize, de::DeserializeOwned};

/// The wait after the first attempt.
const FIRST_DELAY: i64 = 10 * SECOND;

/// The longest wait, what is added at random apart.
const LONGEST_DELAY: i64 = HOUR;

/// What a job has to know. It is kept as JSON beside the kind of the job.
pub trait JobPayload: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The name of this work among jobs. It is stored, so it stays the same.
    const KIND: &'static str;
}

/// How long a job waits after so many attempts, in milliseconds: 10 seconds, twice as long each time, up to an hour.
/// `random`, any number, adds up to a fifth, so that jobs that failed together do not come back together.
pub fn retry_delay(attempts: i64, random: u64) -> i64 {
    let doublings = (attempts - 1).clamp(0, 20);
    let delay = (FIRST_DELAY << doublings).min(LONGEST_DELAY);
    delay + i64::try_from(random % (delay.unsigned_abs() / 5 + 1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_a_fifth() {
        let shortest = [0, 1, 2, 3, 9, 10, i64::MAX].map(|attempts| retry_delay(attempts, 0) / SECOND);
        assert_eq!(shortest, [10, 10, 20, 40, 2_560, 3_600, 3_600]);
        let all = (0..10_000).map(|random| retry_delay(1, random));
        assert_eq!((all.clone().min(), all.max()), (Some(10 * SECOND), Some(12 * SECOND)));
        assert!((HOUR..=HOUR * 6 / 5).contains(&retry_delay(99, u64::MAX)));
    }
}
