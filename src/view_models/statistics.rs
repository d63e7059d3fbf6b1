//! The numbers of the whole program.

use crate::domain::{money::Currency, time::Time};
use serde::{Deserialize, Serialize};

/// What happened on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct DayCounts {
    /// Midnight UTC.
    pub start: Time,
    pub clicks: i64,
    pub signups: i64,
    pub conversions: i64,
}

/// The clicks of links that were shared in one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct ChannelClicks {
    /// One of the channels that a link may name, or `direct`.
    pub channel: String,
    pub clicks: i64,
}

/// Revenue by day in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevenueByDay {
    pub currency: Currency,
    /// In smallest units, an amount for each day, or step, of the period.
    pub amounts: Vec<i64>,
}

/// What became new in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct NewInPeriod {
    pub codes: i64,
    pub users: i64,
    /// Codes that somebody signed up with.
    pub codes_with_usage: i64,
}

/// What links brought in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct PeriodCounts {
    pub clicks: i64,
    pub unique_clicks: i64,
    /// With any code.
    pub signups: i64,
    /// Referrals whose referee paid for the first time.
    pub conversions: i64,
}
