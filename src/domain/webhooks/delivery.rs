//! Deliveries: an event on its way to an endpoint, what an answer means for it, and when it is tried again.

use crate::domain::{
    names::names,
    time::{DAY, HOUR, MINUTE, SECOND, Time},
};

/// Waits after each attempt but the last, in milliseconds: ten attempts in a little more than three days.
const WAITS: [i64; 9] =
    [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// Attempts after which a delivery is given up.
pub const MAX_TRIES: i64 = 10;

/// The longest wait that an endpoint can ask for, in milliseconds.
pub const MAX_RETRY_AFTER: i64 = DAY;

/// The type of the event that is sent to try an endpoint.
pub const TEST_EVENT: &str = "webhook.test";

names! {
    /// How far a delivery is.
    DeliveryState {
        /// It is tried until it is answered or given up.
        Waiting = "waiting",
        /// The endpoint has answered with a 2xx status.
        Delivered = "delivered",
        /// It was given up.
        Failed = "failed",
    }
}

names! {
    /// Why an attempt was no delivery.
    AttemptProblem {
        /// The address is one that nobody else has: of this machine or of its own network.
        AddressForbidden = "address_forbidden",
        /// The name has no address.
        NameUnknown = "name_unknown",
        /// No connection came about, or it broke.
        NotConnected = "not_connected",
        /// No encrypted connection came about, as with a certificate that is not trusted.
        NotTrusted = "not_trusted",
        /// There was no answer in time.
        TimedOut = "timed_out",
        /// The answer leads elsewhere. It is not followed.
        Redirected = "redirected",
        /// The endpoint says that it is gone.
        Gone = "gone",
        /// Any other answer outside of 2xx.
        Refused = "refused",
    }
}

/// What an answer means.
pub fn problem_of(status: u16) -> Option<AttemptProblem> {
    match status {
        200..=299 => None,
        300..=399 => Some(AttemptProblem::Redirected),
        410 => Some(AttemptProblem::Gone),
        _ => Some(AttemptProblem::Refused),
    }
}

/// Whether an endpoint that answers so may say when it wants to be called again.
pub fn may_ask_to_wait(status: u16) -> bool {
    matches!(status, 429 | 503)
}

/// When to try again after so many failed tries; nothing after the last one. The endpoint may have asked for a longer
/// wait, in milliseconds.
pub fn next_try(tries: i64, asked: Option<i64>, now: Time) -> Option<Time> {
    let wait = usize::try_from(tries - 1).ok().and_then(|index| WAITS.get(index))?;
    Some(now.plus(asked.map_or(*wait, |asked| asked.min(MAX_RETRY_AFTER).max(*wait))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_take_a_little_more_than_three_days() {
        let mut at = Time(0);
        let mut tries = 1;
        while let Some(next) = next_try(tries, None, at) {
            assert!(next > at);
            (at, tries) = (next, tries + 1);
        }
        assert_eq!(tries, MAX_TRIES);
        assert!((3 * DAY..4 * DAY).contains(&at.0), "{at:?}");
    }

    #[test]
    fn an_endpoint_can_ask_for_a_longer_wait_up_to_a_day() {
        let after = |tries, asked| next_try(tries, Some(asked), Time(0)).map(|at| at.0);
        assert_eq!(after(1, 90 * SECOND), Some(90 * SECOND));
        assert_eq!(after(1, SECOND), Some(5 * SECOND));
        assert_eq!(after(1, i64::MAX), Some(DAY));
        assert_eq!(after(MAX_TRIES, SECOND), None);
    }

    #[test]
    fn only_two_hundreds_are_deliveries() {
        for (status, problem) in [
            (200, None),
            (204, None),
            (299, None),
            (301, Some(AttemptProblem::Redirected)),
            (304, Some(AttemptProblem::Redirected)),
            (400, Some(AttemptProblem::Refused)),
            (404, Some(AttemptProblem::Refused)),
            (410, Some(AttemptProblem::Gone)),
            (500, Some(AttemptProblem::Refused)),
        ] {
            assert_eq!(problem_of(status), problem, "{status}");
        }
    }
}
