//! Codes, as tables, pages and API show them.

use super::statistics::{DayCounts, RevenueByDay};
use crate::domain::{
    codes::code::{CodeKind, CodeLimits, CodeStatus},
    ids::{CodeId, UserId},
    money::Money,
    time::Time,
};
use serde::{Deserialize, Serialize};

/// What the table of codes is sorted by; ties go by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeSort {
    #[default]
    Created,
    Code,
    Status,
    Uses,
    Clicks,
    /// Codes that never expire come last.
    Expires,
    /// Codes without one come last.
    Beneficiary,
}

/// Which codes the table shows: all of it stands in the page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CodeFilter {
    /// The beginning of a code.
    pub q: String,
    /// The name of a [`CodeStatus`], or nothing for all.
    pub status: String,
    pub category: String,
    /// E-mail or username of a beneficiary, in full.
    pub beneficiary: String,
    pub sort: CodeSort,
    /// From the largest to the smallest; for text from Z to A.
    pub descending: bool,
    /// Where the page begins: the `next` of the page before.
    pub after: String,
}

/// A code with everything about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct CodeDetails {
    pub id: CodeId,
    pub code: String,
    pub kind: CodeKind,
    pub description: String,
    pub category: Option<String>,
    /// Whether it is switched on, and not left behind by a deleted owner.
    pub active: bool,
    pub status: CodeStatus,
    /// The status that it has or would have when switched on.
    pub status_if_active: CodeStatus,
    /// Nothing for no limit.
    pub max_uses: Option<i64>,
    pub uses: i64,
    pub expires_at: Option<Time>,
    /// Who is credited: the owner of a personal code or the beneficiary of a campaign code.
    pub beneficiary_id: Option<UserId>,
    pub beneficiary_email: Option<String>,
    pub created_by: Option<UserId>,
    pub created_at: Time,
    pub clicks: i64,
    pub unique_clicks: i64,
    pub signups: i64,
    pub conversions: i64,
    /// Grows with every change that the API shows, clicks apart.
    pub version: i64,
}

impl CodeDetails {
    /// What the code's status depends on.
    pub fn limits(&self) -> CodeLimits {
        CodeLimits { active: self.active, expires_at: self.expires_at, max_uses: self.max_uses, uses: self.uses }
    }
}

/// A page of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodesPage {
    pub filter: CodeFilter,
    pub rows: Vec<CodeDetails>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// All categories in use, for filter and suggestions.
    pub categories: Vec<String>,
    /// The site's own address, for links: `BASE_URL/r/CODE`.
    pub base_url: String,
}

/// What the forms for new codes begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCodesPageData {
    /// All categories in use, as suggestions.
    pub categories: Vec<String>,
    pub expires_at: Time,
    /// Random characters of many codes.
    pub bulk_length: i64,
}

/// What the page of one code shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodePageData {
    pub code: CodeDetails,
    /// What those who used it have paid, by currency.
    pub revenue: Vec<Money>,
    pub link: String,
    /// The last 30 days, oldest first.
    pub days: Vec<DayCounts>,
    pub revenue_by_day: Vec<RevenueByDay>,
    /// The latest hundred sign-ups with it.
    pub usages: Vec<super::referrals::Referral>,
    pub categories: Vec<String>,
}
