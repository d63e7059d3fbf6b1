//! When the period began over which a cap counts.

use crate::domain::{rewards::rule::Period, time::Time};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// The beginning of the period that `now` is in, in a time zone by its IANA name. A week begins on Monday.
pub fn start(period: Period, now: Time, time_zone: &str) -> Time {
    if period == Period::Ever {
        return Time(0);
    }
    let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
    let Ok(today) = Timestamp::from_millisecond(now.0).map(|at| at.to_zoned(zone.clone()).date()) else { return now };
    let first: Option<Date> = match period {
        Period::Day | Period::Ever => Some(today),
        Period::Week => {
            let back = today.weekday().since(Weekday::Monday);
            today.checked_sub(i64::from(back).days()).ok()
        }
        Period::Month => Some(today.first_of_month()),
        Period::Year => Some(today.first_of_year()),
    };
    let start = first.and_then(|first| first.to_zoned(zone).ok());
    start.map_or(now, |start| Time(start.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_begin_at_midnight_in_the_time_zone_of_the_program() {
        let now = Time::parse_rfc_3339("2026-11-01T02:30:00Z").expect("a time");
        let begins = |period, zone| start(period, now, zone).rfc_3339();
        assert_eq!(begins(Period::Day, "UTC"), "2026-11-01T00:00:00Z");
        assert_eq!(begins(Period::Week, "UTC"), "2026-10-26T00:00:00Z");
        assert_eq!(begins(Period::Month, "UTC"), "2026-11-01T00:00:00Z");
        assert_eq!(begins(Period::Year, "UTC"), "2026-01-01T00:00:00Z");
        // There it is still October.
        assert_eq!(begins(Period::Day, "America/Los_Angeles"), "2026-10-31T07:00:00Z");
        assert_eq!(begins(Period::Month, "America/Los_Angeles"), "2026-10-01T07:00:00Z");
        assert_eq!(begins(Period::Ever, "UTC"), "1970-01-01T00:00:00Z");
    }
}
