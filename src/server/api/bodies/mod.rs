//! What goes over the wire: requests and answers, by names that others rely on.

pub mod api_key;
pub mod bulk_codes;
pub mod code;
pub mod conversion;
pub mod event;
pub mod reward;
pub mod rule;
pub mod settings;
pub mod user;
pub mod webhook;

use crate::{
    domain::{
        cursor::Cursor,
        time::{Time, rfc_3339},
    },
    server::{
        api::{language::texts, problem::Problem},
        queries::split_page,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Rows of a page, unless the client asks for another number.
const DEFAULT_PAGE_SIZE: i64 = 50;

/// An instant, as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = String, format = DateTime, examples("2026-12-31T18:00:00Z"))]
pub struct Instant(#[serde(with = "rfc_3339")] pub Time);

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub data: Vec<T>,
    /// What to send as `after` for the next page; null on the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of rows of which one too many was read, to see whether there are more.
    pub fn of<R: Into<T>>(rows: Vec<R>, limit: i64, cursor: impl Fn(&R) -> Cursor) -> Self {
        let (rows, next) = split_page(rows, usize::try_from(limit).unwrap_or_default(), cursor);
        Self { data: rows.into_iter().map(Into::into).collect(), next }
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// How many rows, 50 unless said otherwise.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl PageParams {
    /// The number of rows, checked.
    pub fn limit(limit: Option<i64>) -> Result<i64, Problem> {
        let limit = limit.unwrap_or(DEFAULT_PAGE_SIZE);
        if (1..=100).contains(&limit) {
            Ok(limit)
        } else {
            Err(Problem::invalid("limit", texts().api_rows_out_of_range()))
        }
    }

    /// The place that `after` names; nothing for the beginning.
    pub fn after(after: Option<&str>) -> Result<Option<Cursor>, Problem> {
        let refused = |_| Problem::invalid("after", texts().api_after_malformed());
        after.filter(|after| !after.is_empty()).map(|after| after.parse().map_err(refused)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::english;

    /// What each door shows of an instant.
    fn printed(at: Time) -> [String; 6] {
        let json = serde_json::to_string(&Instant(at)).expect("every instant can be told");
        [json, at.rfc_3339(), at.stamp(), at.minute(), english().date(at), english().moment(at)]
    }

    proptest::proptest! {
        #[test]
        fn what_one_door_takes_every_other_prints(
            year in 1_960_i64..10_100, month in 0_i64..14, day in 0_i64..33, minutes in 0_i64..1_500, zone in 0_i64..100,
        ) {
            let written = format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}", minutes / 60, minutes % 60);
            let form = Time::parse_minute(&written);
            let api = Time::parse_rfc_3339(&format!("{written}:00Z"));
            proptest::prop_assert_eq!(form, api);
            let elsewhere = Time::parse_rfc_3339(&format!("{written}:00.001+{:02}:{:02}", zone / 4, zone % 4 * 15));
            for at in [form, api, elsewhere].into_iter().flatten() {
                proptest::prop_assert!((Time(0)..=Time::MAX).contains(&at));
                printed(at);
                proptest::prop_assert_eq!(Time::parse_rfc_3339(&at.rfc_3339()), Some(at));
                proptest::prop_assert_eq!(Time::parse_minute(&at.stamp()).map(Time::stamp), Some(at.stamp()));
            }
        }

        #[test]
        fn no_text_is_too_strange_to_read(text in "[0-9TtZz:.+-]{0,30}|\\PC{0,40}") {
            let _ = (Time::parse_minute(&text), Time::parse_rfc_3339(&text));
        }
    }

    #[test]
    fn the_last_instant_can_be_told() {
        assert_eq!(printed(Time::MAX)[0], "\"9999-12-31T23:59:59.999Z\"");
    }

    #[test]
    fn instants_are_rfc_3339_in_utc() {
        let written = |millis| serde_json::to_value(Instant(Time(millis))).expect("text");
        assert_eq!(written(1_794_656_000_000), "2026-11-14T11:33:20Z");
        assert_eq!(written(1_794_656_000_125), "2026-11-14T11:33:20.125Z");
        let read = |text: &str| serde_json::from_value::<Instant>(text.into()).map(|at| at.0.0).ok();
        assert_eq!(read("2026-11-14T12:33:20+01:00"), Some(1_794_656_000_000));
        for wrong in ["", "2026-11-14", "2026-11-14T12:33:20", "2026-02-30T00:00:00Z", "tomorrow"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
