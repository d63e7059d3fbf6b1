//! Codes, as tables, pages and API show them.

use super::statistics::{ChannelClicks, DayCounts, RevenueByDay};
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
    /// A part of a code.
    pub q: String,
    /// The name of a [`CodeStatus`], or nothing for all.
    pub status: String,
    pub category: String,
    /// A part of the e-mail or username of a beneficiary.
    pub beneficiary: String,
    /// The id of the batch that they were created in.
    pub batch: String,
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

/// An instant in a table, written by the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortDate {
    /// As short as it can be.
    pub day: String,
    /// All of it.
    pub moment: String,
    /// The same for machines.
    pub datetime: String,
}

/// A row of the table. What stands in it was written by the server, in the language of whoever reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRow {
    pub id: CodeId,
    pub code: String,
    pub description: String,
    pub category: Option<String>,
    pub active: bool,
    pub status: CodeStatus,
    /// The status that it has or would have when switched on.
    pub status_if_active: CodeStatus,
    /// How many, of how many.
    pub sign_ups: String,
    pub clicks: String,
    pub created: ShortDate,
    pub expires: Option<ShortDate>,
    pub beneficiary_id: Option<UserId>,
    /// Empty for nobody.
    pub beneficiary: String,
}

/// What the table says besides its rows. `{code}` in a text stands for a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodesWords {
    pub caption: String,
    pub code: String,
    pub status: String,
    pub sign_ups: String,
    pub clicks: String,
    pub created: String,
    pub expires: String,
    pub never: String,
    pub beneficiary: String,
    pub switch: String,
    /// Names the switch of a code.
    pub switch_label: String,
    pub not_switched: String,
    pub category: String,
    pub all: String,
    pub person_hint: String,
    pub remove_filter: String,
    /// The batch whose codes are shown alone; empty for none.
    pub batch: String,
    pub search: String,
    /// Of each status, in their order.
    pub statuses: Vec<(CodeStatus, String)>,
    pub empty_title: String,
    pub empty_note: String,
    pub nothing_title: String,
    pub nothing_note: String,
    pub show_all: String,
    pub pages: String,
    pub first_page: String,
    pub next_page: String,
    pub csv: String,
    /// What is said when the server cannot be reached.
    pub unreachable: String,
}

impl CodesWords {
    /// The name of a status.
    pub fn of_status(&self, status: CodeStatus) -> String {
        self.statuses.iter().find(|(known, _)| *known == status).map(|(_, word)| word.clone()).unwrap_or_default()
    }
}

/// What the button that switches a code on and off says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchWords {
    pub switch_on: String,
    pub switch_off: String,
    pub unreachable: String,
}

/// What the field for a beneficiary says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeneficiaryWords {
    pub label: String,
    pub optional: String,
    pub hint: String,
}

/// A page of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodesPage {
    pub filter: CodeFilter,
    pub rows: Vec<CodeRow>,
    /// How many they are, in words.
    pub found: String,
    /// What the batch is for whose codes are shown alone.
    pub batch: Option<String>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// All categories in use, for filter and suggestions.
    pub categories: Vec<String>,
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
    /// The clicks of these days by channel, the busiest first.
    pub channels: Vec<ChannelClicks>,
    pub revenue_by_day: Vec<RevenueByDay>,
    /// The latest hundred sign-ups with it.
    pub usages: Vec<super::referrals::Referral>,
    pub categories: Vec<String>,
}
