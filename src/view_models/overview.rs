//! How the program goes, and what it needs, for admins.

use crate::{
    domain::{
        ids::{CodeId, UserId},
        time::{DAY, Time},
    },
    view_models::statistics::{ChannelClicks, RevenueByDay},
};
use serde::{Deserialize, Serialize};

/// For how long back numbers are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Period {
    Week,
    #[default]
    Month,
    Quarter,
    All,
}

impl Period {
    pub const ALL: [Self; 4] = [Self::Week, Self::Month, Self::Quarter, Self::All];

    /// The period of this name in an address; else a month.
    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|period| period.as_str() == name).unwrap_or_default()
    }

    /// Its name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Week => "7",
            Self::Month => "30",
            Self::Quarter => "90",
            Self::All => "all",
        }
    }

    /// Its days, today among them; nothing for all time.
    pub fn days(self) -> Option<i64> {
        match self {
            Self::Week => Some(7),
            Self::Month => Some(30),
            Self::Quarter => Some(90),
            Self::All => None,
        }
    }
}

/// Steps of one or several days, the last of which ends with today. Days are counted in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Midnight of the first day.
    pub first: Time,
    pub step_days: i64,
    pub steps: i64,
}

/// Steps that a timeline has at most, as long as months are enough to tell.
const MOST_STEPS: i64 = 92;

impl Timeline {
    /// Day by day.
    pub fn of_days(first: Time, days: i64) -> Self {
        Self { first, step_days: 1, steps: days }
    }

    /// From the day that `first` is in until today: day by day, else week by week, else by four weeks. A week at least.
    pub fn since(first: Time, now: Time) -> Self {
        let days = (now.day() - first.day() + 1).max(7);
        let step_days = [1, 7].into_iter().find(|step| days <= step * MOST_STEPS).unwrap_or(28);
        let steps = days.div_euclid(step_days) + i64::from(days.rem_euclid(step_days) > 0);
        Self { first: Time((now.day() - steps * step_days + 1) * DAY), step_days, steps }
    }

    /// The beginning of a step, counted from 0.
    pub fn start_of(&self, step: usize) -> Time {
        self.first.plus(step as i64 * self.step_days * DAY)
    }

    /// The beginning of the last day of a step.
    pub fn last_day_of(&self, step: usize) -> Time {
        self.start_of(step).plus((self.step_days - 1) * DAY)
    }

    /// Values of days, counted from 1970, as sums of the steps; what is before them or after them is left out.
    pub fn spread(&self, days: impl IntoIterator<Item = (i64, i64)>) -> Vec<i64> {
        let mut sums = vec![0; self.steps as usize];
        for (day, value) in days {
            let step = (day - self.first.day()).div_euclid(self.step_days);
            if let Some(sum) = usize::try_from(step).ok().and_then(|step| sums.get_mut(step)) {
                *sum += value;
            }
        }
        sums
    }
}

/// What links brought, an entry for each step of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub clicks: Vec<i64>,
    pub signups: Vec<i64>,
    pub conversions: Vec<i64>,
    pub revenue: Vec<RevenueByDay>,
}

/// Somebody who was brought lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct LatestReferral {
    /// Who joined. The number stays when the account is gone.
    pub referee_id: UserId,
    /// Empty when the account is gone.
    pub referee_name: String,
    pub code: String,
    /// Nothing where the code has no page.
    pub code_id: Option<CodeId>,
    /// Nothing when the account is gone.
    pub referrer_id: Option<UserId>,
    /// Empty where the code credits nobody.
    pub referrer_name: String,
    pub signed_up_at: Time,
}

/// What a new program needs, and whether that is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Checklist {
    /// The program has a name, and a colour or a logo, of its own.
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub branding: bool,
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub link_destination: bool,
    /// Somebody has looked at the rules and changed them.
    pub rewards: bool,
    /// There is a campaign code.
    pub code: bool,
    /// Somebody was brought.
    pub friend: bool,
    /// A payment has come in.
    pub payments: bool,
}

impl Checklist {
    /// Whether all is done.
    pub fn is_done(&self) -> bool {
        self.branding && self.link_destination && self.rewards && self.code && self.friend && self.payments
    }
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
    /// Clicks of the period by channel, the busiest first.
    pub channels: Vec<ChannelClicks>,
    pub counted_at: Time,
}

/// What the overview shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub period: Period,
    pub timeline: Timeline,
    pub counts: Counts,
    /// The same of the period before; nothing for all time.
    pub before: Option<Counts>,
    pub cached: CachedStatistics,
    pub latest: Vec<LatestReferral>,
    /// Nothing once it is done or put away.
    pub checklist: Option<Checklist>,
    /// When this was asked for.
    pub now: Time,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_time_has_longer_steps() {
        let since = |days: i64| {
            let today = Time((1_000 + days - 1) * DAY);
            let timeline = Timeline::since(Time(1_000 * DAY), today.plus(5));
            assert_eq!(timeline.last_day_of(timeline.steps as usize - 1), today);
            (timeline.step_days, timeline.steps)
        };
        assert_eq!([1, 30, 92, 93, 1_000].map(since), [(1, 7), (1, 30), (1, 92), (7, 14), (28, 36)]);
    }

    #[test]
    fn days_are_added_up_by_steps() {
        let timeline = Timeline { first: Time(10 * DAY), step_days: 7, steps: 2 };
        assert_eq!(timeline.spread([(9, 100), (10, 1), (16, 2), (17, 3), (23, 4), (24, 100)]), [3, 7]);
    }
}
