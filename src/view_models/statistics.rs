//! The numbers of the whole program.

use crate::domain::{
    ids::{CodeId, UserId},
    money::Currency,
    time::Time,
};
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

/// Revenue by day in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevenueByDay {
    pub currency: Currency,
    /// In smallest units, an amount for each day, or step, of the period.
    pub amounts: Vec<i64>,
}

/// Codes and users there are, and what they brought in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Totals {
    pub total_codes: i64,
    /// Codes that can be used now.
    pub active_codes: i64,
    /// Sign-ups with any code.
    pub total_usage: i64,
    pub codes_with_usage: i64,
    pub users: i64,
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

/// A code among the best of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct TopCode {
    pub id: CodeId,
    pub code: String,
    /// Whether it is somebody's own.
    pub personal: bool,
    pub owner_id: Option<UserId>,
    pub deleted: bool,
    pub clicks: i64,
    pub signups: i64,
    pub conversions: i64,
}

impl TopCode {
    /// The address of the page about it, or about its owner; nothing when that is gone.
    pub fn page(&self) -> Option<String> {
        if self.personal {
            self.owner_id.map(|owner| format!("/admin/users/{owner}"))
        } else {
            (!self.deleted).then(|| format!("/admin/codes/{}", self.id))
        }
    }
}

/// A user among those who brought most in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct TopReferrer {
    pub id: UserId,
    pub username: String,
    pub signups: i64,
    pub conversions: i64,
}

/// A campaign code that soon expires, or of which few uses are left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct EndingCode {
    pub id: CodeId,
    pub code: String,
    pub uses: i64,
    pub max_uses: Option<i64>,
    pub expires_at: Option<Time>,
}

/// Numbers that take long to count, with the time they were counted at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedStatistics {
    pub totals: Totals,
    /// New users of the period, an entry for each step of its timeline.
    pub new_users: Vec<i64>,
    /// The same of the period before.
    pub new_users_before: Vec<i64>,
    /// Credit that was given in the period.
    pub rewards: Vec<RevenueByDay>,
    pub rewards_before: Vec<RevenueByDay>,
    /// The codes with most sign-ups.
    pub top_codes: Vec<TopCode>,
    pub top_referrers: Vec<TopReferrer>,
    pub ending_codes: Vec<EndingCode>,
    pub counted_at: Time,
}
