//! Instants, in milliseconds since 1970 UTC; how they are written, and how they are read at every door.

use serde::{Deserialize, Serialize};

pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// An instant, in milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// The last instant that anybody can write: the end of the year 9999. The first one is 1970.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// Hours since 1970 UTC: the key of hourly counters.
    pub fn hour(self) -> i64 {
        self.0.div_euclid(HOUR)
    }

    /// Days since 1970 UTC: the key of daily counters.
    pub fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// This instant moved by `millis` (back when negative).
    pub fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant.
    pub fn since(self, earlier: Time) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Day and minute as `2026-05-03T18:00` (UTC): the form of a field for date and time.
    pub fn minute(self) -> String {
        let minutes = self.0.rem_euclid(DAY) / MINUTE;
        format!("{}T{:02}:{:02}", self.iso_date(), minutes / 60, minutes % 60)
    }

    /// Day and second as `2026-05-03T18:00:09Z`.
    pub fn stamp(self) -> String {
        format!("{}:{:02}Z", self.minute(), self.0.rem_euclid(MINUTE) / SECOND)
    }

    /// The instant as RFC 3339 in UTC: `2026-05-03T18:00:09Z`, with milliseconds where there are any.
    pub fn rfc_3339(self) -> String {
        match self.0.rem_euclid(SECOND) {
            0 => self.stamp(),
            millis => format!("{}.{millis:03}Z", self.stamp().trim_end_matches('Z')),
        }
    }

    /// Reads `2026-05-03T18:00` (UTC), with seconds or without, with a `Z` at the end or without.
    pub fn parse_minute(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, clock) = text.strip_suffix('Z').unwrap_or(text).split_once('T')?;
        let seconds = clock.matches(':').count() == 2;
        parse_day(date)?.checked_add(parse_clock(clock, seconds)?).map(Self)
    }

    /// Reads RFC 3339, which names its distance from UTC. What is finer than a millisecond is dropped.
    pub fn parse_rfc_3339(text: &str) -> Option<Self> {
        let (date, rest) = text.trim().split_once(['T', 't', ' '])?;
        let (clock, zone) = rest.split_at(rest.find(['Z', 'z', '+', '-'])?);
        let (clock, fraction) = clock.split_once('.').map_or((clock, "0"), |parts| parts);
        let millis = digits(format!("{fraction:0<3}").get(..3)?)?;
        let fraction_fits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
        let ahead = match zone.split_at_checked(1)? {
            ("Z" | "z", "") => 0,
            ("+", zone) => parse_clock(zone, false)?,
            ("-", zone) => -parse_clock(zone, false)?,
            _ => return None,
        };
        let at = Self(parse_day(date)? + parse_clock(clock, true)? + millis - ahead);
        (fraction_fits && (Self(0)..=Self::MAX).contains(&at)).then_some(at)
    }

    /// The calendar day as `2026-05-03` (UTC).
    pub fn iso_date(self) -> String {
        let (year, month, day) = civil(self.day());
        format!("{year:04}-{month:02}-{day:02}")
    }
}

/// An instant as RFC 3339 in JSON: for fields with `#[serde(with = "rfc_3339")]`.
pub mod rfc_3339 {
    use super::Time;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(at: &Time, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&at.rfc_3339())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
        let text = String::deserialize(from)?;
        Time::parse_rfc_3339(&text).ok_or_else(|| D::Error::custom("a time is written like 2026-12-31T18:00:00Z"))
    }
}

/// The same time of day so many months later; on the last day of a month that is shorter.
pub fn month_later(at: Time, months: i64) -> Time {
    let (year, month, day) = civil(at.day());
    let month = year * 12 + i64::try_from(month).unwrap_or(1) - 1 + months;
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    let first = days_from_civil(year, month, 1);
    let next = days_from_civil(if month == 12 { year + 1 } else { year }, month % 12 + 1, 1);
    Time((first + day.min(next - first) - 1) * DAY + at.0.rem_euclid(DAY))
}

/// Reads `2026-05-03`; milliseconds from 1970 until that day begins.
fn parse_day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(digits);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let fits = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let days = fits.then(|| days_from_civil(year, month, day))?;
    // A day that does not exist comes back as another one.
    (civil(days) == (year, usize::try_from(month).ok()?, day)).then_some(days * DAY)
}

/// Reads `18:00` or `18:00:09`; milliseconds of the day.
fn parse_clock(text: &str, seconds: bool) -> Option<i64> {
    let mut parts = text.split(':').map(digits);
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = if seconds { parts.next()?? } else { 0 };
    let fits = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    fits.then_some(hour * HOUR + minute * MINUTE + second * SECOND)
}

/// Reads a number of up to four digits.
fn digits(text: &str) -> Option<i64> {
    (text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Year, month (1–12) and day of a day number. Howard Hinnant's `civil_from_days`.
fn civil(days: i64) -> (i64, usize, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month as usize, day)
}

/// The day number of a date. Howard Hinnant's `days_from_civil`.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The same where there may be none.
pub mod optional_rfc_3339 {
    use super::{Time, rfc_3339};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Deserialize, Serialize)]
    struct Instant(#[serde(with = "rfc_3339")] Time);

    pub fn serialize<S: Serializer>(at: &Option<Time>, to: S) -> Result<S::Ok, S::Error> {
        at.map(Instant).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Time>, D::Error> {
        Ok(Option::<Instant>::deserialize(from)?.map(|Instant(at)| at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_later_is_the_same_day_or_the_last_one() {
        let later = |text: &str, months| month_later(Time::parse_minute(text).expect("a moment"), months).minute();
        assert_eq!(later("2026-01-31T18:30", 1), "2026-02-28T18:30");
        assert_eq!(later("2026-01-31T18:30", 12), "2027-01-31T18:30");
        assert_eq!(later("2026-11-15T00:00", 2), "2027-01-15T00:00");
        assert_eq!(later("2026-12-31T23:59", 0), "2026-12-31T23:59");
    }

    #[test]
    fn minutes_come_back_and_days_that_do_not_exist_do_not() {
        for text in ["1970-01-01T00:00", "2024-02-29T23:59", "2026-12-31T18:05"] {
            assert_eq!(Time::parse_minute(text).map(Time::minute).as_deref(), Some(text));
        }
        assert_eq!(Time::parse_minute("2026-05-03T00:00:30"), Some(Time(1_777_766_430_000)));
        assert_eq!(Time::parse_minute(&Time(1_777_766_430_000).stamp()), Some(Time(1_777_766_430_000)));
        assert_eq!(Time(1_777_766_430_999).stamp(), "2026-05-03T00:00:30Z");
        for wrong in [
            "",
            "2026-05-03",
            "2026-02-30T10:00",
            "2026-13-01T10:00",
            "2026-05-03T24:00",
            "x-y-zTa:b",
            "1969-12-31T23:59",
            "10000-01-01T00:00",
            "2026-9223372036854775807-01T00:00",
            "2026-05-9223372036854775807T00:00",
            "2026-05-03T10:00:00:00",
        ] {
            assert_eq!(Time::parse_minute(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn rfc_3339_names_its_distance_from_utc() {
        for (text, millis) in [
            ("2026-11-14T11:33:20Z", 1_794_656_000_000),
            ("2026-11-14t12:33:20.1259+01:00", 1_794_656_000_125),
            ("2026-11-14 06:03:20.5-05:30", 1_794_656_000_500),
            ("1970-01-01T00:00:00Z", 0),
            ("9999-12-31T23:59:59.999Z", Time::MAX.0),
        ] {
            assert_eq!(Time::parse_rfc_3339(text), Some(Time(millis)), "{text}");
        }
        for wrong in [
            "",
            "2026-11-14",
            "2026-11-14T12:33:20",
            "2026-11-14T12:33Z",
            "2026-11-14T12:33:20.Z",
            "2026-11-14T12:33:20.5é0Z",
            "2026-11-14T12:33:20+1",
            "2026-02-30T00:00:00Z",
            "1970-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "10000-01-01T00:00:00Z",
            "tomorrow",
        ] {
            assert_eq!(Time::parse_rfc_3339(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_have_their_dates() {
        assert_eq!(Time(1_709_164_800_000).iso_date(), "2024-02-29");
        assert_eq!(Time(-1).iso_date(), "1969-12-31");
    }
}
