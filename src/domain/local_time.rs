//! Date and time of a form's field: in a time zone, to the minute.

use crate::domain::time::Time;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// Day and minute as `2026-05-03T18:00`, as clocks in the zone show them.
pub fn local_minute(at: Time, zone: &TimeZone) -> String {
    let at = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::MAX);
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Reads what [`local_minute`] writes, with seconds or without; with a `Z` at the end it is in UTC. A time that clocks
/// skip in spring is as much later, and of one that they show twice in autumn it is the first.
pub fn parse_local(text: &str, zone: &TimeZone) -> Option<Time> {
    let shown = Time::parse_minute(text)?;
    if text.trim().ends_with('Z') {
        return Some(shown);
    }
    let clock: DateTime = Timestamp::from_millisecond(shown.0).ok()?.to_zoned(TimeZone::UTC).datetime();
    let at = Time(zone.to_ambiguous_timestamp(clock).compatible().ok()?.as_millisecond());
    (Time(0)..=Time::MAX).contains(&at).then_some(at)
}

/// What a field that showed `was` means now: exactly that when it was not touched, though the field shows no seconds
/// and not which of two equal times it was.
pub fn parse_changed(text: &str, zone: &TimeZone, was: Option<Time>) -> Option<Time> {
    let at = parse_local(text, zone)?;
    Some(was.filter(|was| local_minute(*was, zone) == local_minute(at, zone)).unwrap_or(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone")
    }

    fn utc(text: &str, zone: &TimeZone) -> Option<String> {
        parse_local(text, zone).map(Time::stamp)
    }

    #[test]
    fn a_field_is_in_its_zone() {
        let (berlin, bogota) = (zone("Europe/Berlin"), zone("America/Bogota"));
        assert_eq!(utc("2026-12-31T18:00", &berlin).as_deref(), Some("2026-12-31T17:00:00Z"));
        assert_eq!(utc("2026-07-01T18:00:30", &berlin).as_deref(), Some("2026-07-01T16:00:30Z"));
        assert_eq!(utc(" 2026-12-31T20:00 ", &bogota).as_deref(), Some("2027-01-01T01:00:00Z"));
        assert_eq!(utc("2026-12-31T18:00Z", &berlin).as_deref(), Some("2026-12-31T18:00:00Z"));
        for text in ["2026-12-31T18:00", "2026-07-01T00:05"] {
            for zone in [&berlin, &bogota, &TimeZone::UTC] {
                assert_eq!(parse_local(text, zone).map(|at| local_minute(at, zone)).as_deref(), Some(text));
            }
        }
        for wrong in ["", "soon", "2026-02-30T10:00", "1970-01-01T00:30"] {
            assert_eq!(parse_local(wrong, &berlin), None, "{wrong}");
        }
        assert_eq!(parse_local("9999-12-31T23:00", &bogota), None);
    }

    #[test]
    fn a_time_that_is_skipped_is_later_and_one_of_two_is_the_first() {
        let berlin = zone("Europe/Berlin");
        assert_eq!(utc("2026-03-29T02:30", &berlin).as_deref(), Some("2026-03-29T01:30:00Z"));
        assert_eq!(utc("2026-10-25T02:30", &berlin).as_deref(), Some("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn what_is_not_touched_stays_exact() {
        let berlin = zone("Europe/Berlin");
        // The second 2:30 of that night, and some seconds.
        let was = Time::parse_minute("2026-10-25T01:30:12");
        let shown = was.map(|was| local_minute(was, &berlin)).expect("a time");
        assert_eq!(shown, "2026-10-25T02:30");
        assert_eq!(parse_changed(&shown, &berlin, was), was);
        assert_eq!(parse_changed(&shown, &berlin, None), Time::parse_minute("2026-10-25T00:30"));
        assert_eq!(parse_changed("2026-10-25T02:31", &berlin, was), Time::parse_minute("2026-10-25T00:31"));
    }
}
